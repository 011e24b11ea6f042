#include "host/session_problems.hpp"

#include <algorithm>
#include <tuple>

#include "engine/errors.hpp"
#include "host/text.hpp"

namespace tutti {

SessionProblems::SessionProblems(const std::filesystem::path& file) : file_(printable(file.string())) {}

void SessionProblems::add(Place place, std::string text) { add(place, std::move(text), nullptr); }

void SessionProblems::add(Place place, std::string text, std::function<std::string()> ending) {
    problems_.push_back({place, std::move(text), std::move(ending)});
}

void SessionProblems::raise() const {
    if (problems_.empty()) return;
    std::vector<const Problem*> sorted;
    sorted.reserve(problems_.size());
    for (const Problem& problem : problems_) sorted.push_back(&problem);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Problem* a, const Problem* b) {
        return std::tie(a->place.line, a->place.column) < std::tie(b->place.line, b->place.column);
    });

    std::string text;
    for (std::size_t i = 0; i < std::min(sorted.size(), max_reported); ++i) {
        const Problem& problem = *sorted[i];
        if (i > 0) text += '\n';
        text += file_ + ':' + std::to_string(problem.place.line) + ':' +
                std::to_string(problem.place.column) + ": ";
        text += problem.text;
        if (problem.ending) text += problem.ending();
    }
    if (sorted.size() > max_reported) {
        text += '\n' + file_ + ": and " + std::to_string(sorted.size() - max_reported) + " more problems";
    }
    throw InputError(text);
}

}  // namespace tutti
