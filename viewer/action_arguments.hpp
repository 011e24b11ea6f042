#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/errors.hpp"
#include "host/text.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

/// What words of an action mean; each throws InputError with what is wrong and what is allowed.

/// The view of the report that is open.
const ReportView& shown_view(const State& state);

double number_of(const std::string& word);

/// The object of that name; -1 for "-", nobody.
int object_of(const ReportView& view, const std::string& name);

bool on_or_off(const std::string& word);

/// A frequency in Hz, from 20 to 20000, on the Cam scale.
double cam_of(const std::string& hz);

template <typename Choice>
Choice choice_of(const std::string& word, const std::vector<std::pair<std::string, Choice>>& choices) {
    std::vector<std::string> words;
    for (const auto& [name, choice] : choices) {
        if (name == word) return choice;
        words.push_back(name);
    }
    throw InputError(in_quotes(word) + ": allowed are " + joined_with_or(words));
}

}  // namespace tutti::viewer
