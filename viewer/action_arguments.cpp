#include "viewer/action_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/masking_model.hpp"

namespace tutti::viewer {

const ReportView& shown_view(const State& state) {
    if (!state.report) throw InputError("no report is open");
    return *state.view();
}

double number_of(const std::string& word) {
    double number = 0.0;
    const char* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) {
        throw InputError(in_quotes(word) + " is no number");
    }
    return number;
}

int object_of(const ReportView& view, const std::string& name) {
    if (name == "-") return -1;
    const int found = find_object(*view.view, name);
    if (found >= 0) return found;
    std::vector<std::string> known;
    for (const MaskingObject& object : view.view->objects) known.push_back(object.name);
    const std::string near = nearest_word(name, known);
    throw InputError("nothing here is called " + in_quotes(name) +
                     (near.empty() ? std::string() : "; did you mean " + in_quotes(near) + "?"));
}

bool on_or_off(const std::string& word) { return choice_of<bool>(word, {{"on", true}, {"off", false}}); }

double cam_of(const std::string& hz) {
    return hz_to_cam(std::clamp(number_of(hz), lowest_shown_hz, highest_shown_hz));
}

}  // namespace tutti::viewer
