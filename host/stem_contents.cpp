#include "host/stem_contents.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

struct Known {
    Digest path;  ///< of the absolute path's text
    FileLooks looks;
    Digest content;
};
static_assert(std::is_trivially_copyable_v<Known>);

std::string key_of(const Session& session) {
    return "contents of stems 1, " + std::filesystem::absolute(session.path).string();
}

std::map<Digest, Known> read_known(BlobStore* store, const Session& session) {
    std::map<Digest, Known> known;
    if (store == nullptr) return known;
    const std::vector<std::byte> bytes = store->get(key_of(session));
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

bool StemContents::is_unchanged(const Session& session, int track) const {
    try {
        return look_at(session.tracks[track].file) == looks[track];
    } catch (const InputError&) {
        return false;
    }
}

StemContents read_stem_contents(const Session& session, const std::vector<bool>& wanted,
                                const std::filesystem::path& folder) {
    const std::unique_ptr<BlobStore> store = open_cache(folder);
    const std::map<Digest, Known> known = read_known(store.get(), session);

    // A file of several tracks is read once.
    std::map<std::filesystem::path, Known> files;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (wanted[i]) files.emplace(session.tracks[i].file, Known{});
    }
    std::vector<std::pair<const std::filesystem::path, Known>*> unread;
    for (auto& file : files) {
        file.second.path = digest_of_path(file.first);
        file.second.looks = look_at(file.first);
        const auto found = known.find(file.second.path);
        if (found != known.end() && found->second.looks == file.second.looks) {
            file.second.content = found->second.content;
        } else {
            unread.push_back(&file);
        }
    }
    parallel_for(static_cast<int>(unread.size()),
                 [&](int i) { unread[i]->second.content = digest_of_file(unread[i]->first); });

    StemContents contents;
    contents.read_count = static_cast<int>(unread.size());
    contents.digests.resize(session.tracks.size());
    contents.looks.resize(session.tracks.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (!wanted[i]) continue;
        const Known& one = files.at(session.tracks[i].file);
        contents.digests[i] = one.content;
        contents.looks[i] = one.looks;
    }
    if (unread.empty() || store == nullptr) return contents;
    std::vector<Known> kept;
    for (const auto& [file, one] : files) {
        if (one.looks.are_settled()) kept.push_back(one);
    }
    store->put(key_of(session), std::as_bytes(std::span(kept)));
    return contents;
}

}  // namespace tutti
