// A directory that is gone, with everything in it, when the test ends.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace lyrebird::test {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "lyrebird-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        path_ = std::filesystem::canonical(path_).string();
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

    /// Writes a file, with the directories above it, and returns its path. It is executable by all.
    std::string write(std::string_view name, std::string_view contents) const {
        const std::filesystem::path file = *this / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << contents;
        std::filesystem::permissions(file, std::filesystem::perms(0755));
        return file.string();
    }
    /// Makes a symbolic link with the text `target`, and the directories above it.
    std::string link(std::string_view name, std::string_view target) const {
        const std::filesystem::path file = *this / name;
        std::filesystem::create_directories(file.parent_path());
        std::filesystem::create_symlink(target, file);
        return file.string();
    }

  private:
    std::string path_;
};

}  // namespace lyrebird::test
