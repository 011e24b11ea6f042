#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "host/pending_folder.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// Exit status of a process of its own, negative for the signal that ended it.
template <typename Body>
int status_of_child(const Body& body) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("A signal while a folder is being written ends the process, and leaves what was there before") {
    const int number = GENERATE(SIGINT, SIGTERM, SIGHUP);
    const TempFolder folder;
    std::filesystem::create_directory(folder / "report");
    std::ofstream(folder / "report/old") << "old";
    const int status = status_of_child([&] {
        std::signal(number, SIG_DFL);  // Catch has handlers of its own
        const PendingFolder pending(folder / "report");
        std::ofstream(pending.path() / "new") << "half of it";
        std::raise(number);
        if (!PendingFolder::is_interrupted()) _exit(1);
    });
    CHECK(status == -number);
    CHECK(std::filesystem::exists(folder / "report/old"));
    std::filesystem::remove_all(folder / "report");
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("Signals that a process ignores stay ignored while a folder is written, and after it") {
    const TempFolder folder;
    const int status = status_of_child([&] {
        std::signal(SIGINT, SIG_IGN);
        {
            PendingFolder pending(folder / "report");
            std::raise(SIGINT);
            if (PendingFolder::is_interrupted()) _exit(1);
            pending.commit();
        }
        std::raise(SIGINT);
    });
    CHECK(status == 0);
    CHECK(std::filesystem::exists(folder / "report"));
}
