#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdlib>

int main(int argc, char** argv) {
    // The user's cache is not for tests, nor do tests depend on what is in it; the programs they start
    // inherit this.
    setenv("TUTTI_CACHE", "", 1);
    return Catch::Session().run(argc, argv);
}
