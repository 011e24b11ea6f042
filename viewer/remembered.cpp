#include "viewer/remembered.hpp"

#include <system_error>

#include "engine/errors.hpp"
#include "host/pending_file.hpp"

namespace tutti::viewer {

void remember(const std::filesystem::path& file, const std::string& text) {
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    try {
        PendingFile pending(file);
        pending.write(text.data(), text.size());
        pending.commit();
    } catch (const InputError&) {
        return;
    }
}

}  // namespace tutti::viewer
