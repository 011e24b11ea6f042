#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// Collects what is wrong with a session file, so that all of it is reported in one go.
class SessionProblems {
  public:
    static constexpr std::size_t max_reported = 100;

    explicit SessionProblems(const std::filesystem::path& file);

    /// `text` says what was found and what is allowed, on one line.
    void add(Place place, std::string text);

    /// The same, with a second half that is costly (the nearest of many names): only made when the problem is
    /// printed.
    void add(Place place, std::string text, std::function<std::string()> ending);

    /// Throws InputError when there is any problem: a line each, sorted by place, the first hundred and how
    /// many more.
    void raise() const;

  private:
    struct Problem {
        Place place;
        std::string text;
        std::function<std::string()> ending;
    };
    std::string file_;
    std::vector<Problem> problems_;
};

}  // namespace tutti
