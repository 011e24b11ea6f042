#pragma once

#include <filesystem>
#include <string>

namespace tutti::bench {

/// A folder that is removed with what is in it, unless the user wants it.
class WorkFolder {
  public:
    /// `keep`: where it is to be and to stay; empty: among the temporary files. Throws InputError when no
    /// folder can be made there.
    explicit WorkFolder(const std::filesystem::path& keep);
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder();

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
    bool remove_;
};

}  // namespace tutti::bench
