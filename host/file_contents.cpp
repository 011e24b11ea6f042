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

constexpr const char* contents_key = "contents of files 1";

/// A few sessions' files; of more, those are forgotten that were not asked for now.
constexpr std::size_t most_files = 20000;

std::map<Digest, Known> read_known(BlobStore* store) {
    std::map<Digest, Known> known;
    if (store == nullptr) return known;
    const std::vector<std::byte> bytes = store->get(contents_key);
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

FileContents read_contents(const std::vector<std::filesystem::path>& files,
                           const std::filesystem::path& folder) {
    const TraceScope scope("look at files");
    const std::unique_ptr<BlobStore> store = open_cache(folder);
    std::map<Digest, Known> known = read_known(store.get());

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

    if (known.size() > most_files) known.clear();
    for (const auto& [file, one] : contents.files) {
        const Digest path = digest_of_path(file);
        if (one.looks.are_settled()) known[path] = {path, one.looks, one.content};
    }
    std::vector<Known> kept;
    for (const auto& [path, one] : known) kept.push_back(one);
    store->put(contents_key, std::as_bytes(std::span(kept)));
    return contents;
}

}  // namespace tutti
