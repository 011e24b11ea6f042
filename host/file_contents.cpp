#include "host/file_contents.hpp"

#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

struct Known {
    Digest path;  ///< of the absolute path's text
    FileLooks looks;
    Digest content;
};
static_assert(std::is_trivially_copyable_v<Known>);

std::map<Digest, Known> read_known(BlobStore* store, const std::string& name) {
    std::map<Digest, Known> known;
    if (store == nullptr) return known;
    const std::vector<std::byte> bytes = store->get(name);
    for (std::size_t at = 0; at + sizeof(Known) <= bytes.size(); at += sizeof(Known)) {
        Known one;
        std::memcpy(&one, bytes.data() + at, sizeof one);
        known[one.path] = one;
    }
    return known;
}

Digest digest_of_path(const std::filesystem::path& file) {
    ContentHash hash;
    hash.add(std::filesystem::absolute(file).string());
    return hash.digest();
}

}  // namespace

bool FileContents::is_unchanged(const std::filesystem::path& file) const {
    try {
        return look_at(file) == files.at(file).looks;
    } catch (const InputError&) {
        return false;
    }
}

FileContents read_contents(const std::vector<std::filesystem::path>& files, const std::string& name,
                           const std::filesystem::path& folder) {
    const TraceScope scope("look at files");
    const std::unique_ptr<BlobStore> store = open_cache(folder);
    const std::map<Digest, Known> known = read_known(store.get(), name);

    FileContents contents;
    for (const std::filesystem::path& file : files) contents.files.try_emplace(file);
    std::vector<std::pair<const std::filesystem::path, FileContents::File>*> unread;
    for (auto& file : contents.files) {
        file.second.looks = look_at(file.first);
        const auto found = known.find(digest_of_path(file.first));
        if (found != known.end() && found->second.looks == file.second.looks) {
            file.second.content = found->second.content;
        } else {
            unread.push_back(&file);
        }
    }
    parallel_for(static_cast<int>(unread.size()),
                 [&](int i) { unread[i]->second.content = digest_of_file(unread[i]->first); });
    contents.read_count = static_cast<int>(unread.size());
    if (unread.empty() || store == nullptr) return contents;

    std::vector<Known> kept;
    for (const auto& [file, one] : contents.files) {
        if (one.looks.are_settled()) kept.push_back({digest_of_path(file), one.looks, one.content});
    }
    store->put(name, std::as_bytes(std::span(kept)));
    return contents;
}

}  // namespace tutti
