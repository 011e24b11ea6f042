#include "benchmarks/work_folder.hpp"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace fs = std::filesystem;

WorkFolder::WorkFolder(const fs::path& keep) : path_(keep), remove_(keep.empty()) {
    if (remove_) {
        std::string name = (fs::temp_directory_path() / "tutti-bench-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw InputError("no folder can be made in " + fs::temp_directory_path().string());
        }
        path_ = name;
        return;
    }
    std::error_code error;
    fs::create_directories(path_, error);
    if (error) throw InputError(path_.string() + " cannot be made: " + error.message());
}

WorkFolder::~WorkFolder() {
    if (!remove_) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace tutti::bench
