#include "viewer/clash_filter.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "host/text.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

namespace {

constexpr const char* allowed_filters =
    "allowed are times (0:48-1:12, 12-20 s, bars 9-16), frequencies (1-4 kHz, 800 Hz-2 kHz) and a share "
    "that is hidden (50 %)";

enum class Unit { none, seconds, hz, khz, bars, per_cent };

struct Quantity {
    double value = 0.0;
    Unit unit = Unit::none;
};

/// Reads a filter's text from the front.
class FilterText {
  public:
    explicit FilterText(const std::string& text) : text_(text) {}

    bool is_at_end() {
        skip(" \t,;");
        return at_ == text_.size();
    }

    bool takes(std::string_view word) {
        skip(" \t");
        if (at_ + word.size() > text_.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i) {
            if (std::tolower(static_cast<unsigned char>(text_[at_ + i])) != word[i]) return false;
        }
        at_ += word.size();
        return true;
    }

    /// "1:02:03.5", "1.9 kHz", "20s", "50 %".
    Quantity quantity() {
        Quantity read{number(), Unit::none};
        while (takes(":")) {
            read.value = 60.0 * read.value + number();
            read.unit = Unit::seconds;
        }
        if (read.unit != Unit::none) return read;
        static constexpr std::array<std::pair<std::string_view, Unit>, 5> units{{{"khz", Unit::khz},
                                                                                 {"hz", Unit::hz},
                                                                                 {"k", Unit::khz},
                                                                                 {"%", Unit::per_cent},
                                                                                 {"s", Unit::seconds}}};
        for (const auto& [word, unit] : units) {
            if (!takes(word)) continue;
            read.unit = unit;
            break;
        }
        return read;
    }

    [[noreturn]] void refuse() const {
        throw InputError(in_quotes(text_) + " is no filter: " + allowed_filters);
    }

  private:
    void skip(const char* any_of) { at_ = std::min(text_.size(), text_.find_first_not_of(any_of, at_)); }

    double number() {
        skip(" \t");
        double value = 0.0;
        const char* const begin = text_.data() + at_;
        const auto read =
            std::from_chars(begin, text_.data() + text_.size(), value, std::chars_format::fixed);
        if (read.ec != std::errc() || !(value >= 0.0 && value < 1e9)) refuse();
        at_ += static_cast<std::size_t>(read.ptr - begin);
        return value;
    }

    const std::string& text_;
    std::size_t at_ = 0;
};

ClashFilter::Range bars_range(double first, double last, const MaskingResults& results) {
    if (!results.tempo_bpm) throw InputError("the session has no tempo to count bars by; allowed: 0:48-1:12");
    const double bar_s = 60.0 / *results.tempo_bpm * results.beats_per_bar;
    return {(first - 1.0) * bar_s, last * bar_s};
}

double in_hz(const Quantity& quantity) {
    return quantity.unit == Unit::khz ? 1000.0 * quantity.value : quantity.value;
}

/// Takes one part of the text into the filter.
void take_part(FilterText& text, const MaskingResults& results, ClashFilter& filter) {
    const bool is_bars = text.takes("bars") || text.takes("bar");
    Quantity from = text.quantity();
    Quantity to = from;
    const bool is_range = text.takes("-");
    if (is_range) to = text.quantity();
    if (is_bars) {
        if (from.unit != Unit::none || to.unit != Unit::none || from.value < 1.0 || to.value < from.value)
            text.refuse();
        filter.time_s = bars_range(from.value, to.value, results);
        return;
    }
    if (from.unit == Unit::none) from.unit = to.unit;
    if (to.unit == Unit::none) to.unit = from.unit;
    if (from.unit == Unit::per_cent) {
        if (is_range || from.value > 100.0) text.refuse();
        filter.least_hidden = 0.01 * from.value;
    } else if (from.unit == Unit::seconds && to.unit == Unit::seconds) {
        if (!is_range || to.value <= from.value) text.refuse();
        filter.time_s = {from.value, to.value};
    } else if ((from.unit == Unit::hz || from.unit == Unit::khz) &&
               (to.unit == Unit::hz || to.unit == Unit::khz)) {
        if (!is_range || in_hz(to) <= in_hz(from)) text.refuse();
        filter.hz = {in_hz(from), in_hz(to)};
    } else {
        text.refuse();
    }
}

std::string number_in_filter(double number, int decimals) {
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, decimals);
    std::string made(text.data(), end.ptr);
    if (decimals > 0) {
        made.erase(made.find_last_not_of('0') + 1);
        if (made.back() == '.') made.pop_back();
    }
    return made;
}

std::string clock_in_filter(double seconds) {
    const double tenths = std::round(10.0 * seconds);
    const auto minutes = static_cast<long>(tenths) / 600;
    const double rest = (tenths - 600.0 * static_cast<double>(minutes)) / 10.0;
    return std::to_string(minutes) + (rest < 10.0 ? ":0" : ":") + number_in_filter(rest, 1);
}

std::string hz_in_filter(const ClashFilter::Range& hz) {
    const auto digits = [](double of) {
        return of < 1000.0 ? number_in_filter(of, 0) : number_in_filter(of / 1000.0, 2);
    };
    const auto unit = [](double of) { return of < 1000.0 ? " Hz" : " kHz"; };
    const bool is_same = (hz.from < 1000.0) == (hz.to < 1000.0);
    return digits(hz.from) + (is_same ? "" : unit(hz.from)) + "-" + digits(hz.to) + unit(hz.to);
}

}  // namespace

bool ClashFilter::keeps(const ClashEvent& event) const {
    if (time_s && (event.to_s <= time_s->from || event.from_s >= time_s->to)) return false;
    if (hz && (event.high_hz <= hz->from || event.low_hz >= hz->to)) return false;
    return event.inaudible_share + event.heavy_share >= least_hidden;
}

ClashFilter parse_clash_filter(const std::string& text, const MaskingResults& results) {
    ClashFilter filter;
    FilterText rest(text);
    while (!rest.is_at_end()) take_part(rest, results, filter);
    return filter;
}

std::string clash_filter_text(const ClashFilter& filter) {
    std::vector<std::string> parts;
    if (filter.time_s)
        parts.push_back(clock_in_filter(filter.time_s->from) + "-" + clock_in_filter(filter.time_s->to));
    if (filter.hz) parts.push_back(hz_in_filter(*filter.hz));
    if (filter.least_hidden > 0.0) parts.push_back(number_in_filter(100.0 * filter.least_hidden, 1) + " %");
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

ClashFilter clash_filter_of(const Stretch& region, double least_hidden) {
    return {ClashFilter::Range{region.from_s, region.to_s},
            ClashFilter::Range{cam_to_hz(region.low_cam), cam_to_hz(region.high_cam)}, least_hidden};
}

}  // namespace tutti::viewer
