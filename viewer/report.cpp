#include "viewer/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "host/masking_advice.hpp"
#include "host/masking_report.hpp"
#include "host/masking_sentences.hpp"

namespace tutti::viewer {

namespace {

/// Margins under this are heavily masked or worse.
constexpr float hidden_db = 6.0F;

/// Tracks of the session that an object of a view stands for.
std::vector<int> members(const MaskingResults& results, const MaskingView& view, int object) {
    if (&view == &results.tracks) return {object};
    std::vector<int> found;
    for (int i = 0; i < static_cast<int>(results.tracks.objects.size()); ++i) {
        if (results.tracks.objects[i].group == view.objects[object].name) found.push_back(i);
    }
    return found;
}

/// Powers of half decibels over -20 dB; 0: nothing.
const std::array<float, 256>& level_powers() {
    static const std::array<float, 256> powers = [] {
        std::array<float, 256> made{};
        for (std::size_t i = 1; i < made.size(); ++i) {
            made[i] = std::pow(10.0F, (0.5F * static_cast<float>(i) - 20.0F) / 10.0F);
        }
        return made;
    }();
    return powers;
}

std::vector<float> levels_of(const MaskingResults& results, const MaskingShape& tracks,
                             const std::vector<int>& objects) {
    std::vector<float> powers(static_cast<std::size_t>(tracks.hops), 0.0F);
    for (const int object : objects) {
        for (int ear = 0; ear < 2; ++ear) {
            const std::uint8_t* level = results.excitation.data() + tracks.excitation(ear, object, 0, 0);
            for (float& power : powers) {
                for (int band = 0; band < tracks.bands; ++band) power += level_powers()[*level++];
            }
        }
    }
    for (float& power : powers) power = 10.0F * std::log10(power);
    return powers;
}

/// Half precision that counts as hidden, decided without converting: comparing bits is enough.
bool is_nan(std::uint16_t half) { return (half & 0x7fffU) > 0x7c00U; }

ReportView look_at(const MaskingResults& results, const MaskingView& view, std::vector<ClashEvent> events) {
    ReportView made{&view,
                    MaskingShape(results, view),
                    summarize_masking(results, view),
                    total_clash(results, view),
                    0.0,
                    {},
                    std::move(events),
                    {},
                    &view == &results.tracks,
                    {}};
    for (const double clash : made.clash) made.greatest_clash = std::max(made.greatest_clash, clash);
    const MaskingShape tracks(results, results.tracks);
    const auto cells = static_cast<std::size_t>(made.shape.hops) * made.shape.bands;
    made.lanes.resize(view.objects.size());
    parallel_for(static_cast<int>(made.lanes.size()), [&](int object) {
        made.lanes[object] = {
            levels_of(results, tracks, members(results, view, object)),
            hidden_shares(std::span(view.margin_db).subspan(made.shape.cell(object, 0, 0), cells),
                          made.shape.hops, made.shape.bands)};
    });
    for (const ClashEvent& event : made.events) {
        made.sentences.push_back(event_sentence(results, view, event));
    }
    return made;
}

}  // namespace

std::vector<float> hidden_shares(std::span<const std::uint16_t> margin_db, int hop_count, int band_count) {
    const std::uint16_t limit = to_half(hidden_db);
    const std::uint16_t* margin = margin_db.data();
    std::vector<float> shares(static_cast<std::size_t>(hop_count));
    for (float& share : shares) {
        int active = 0;
        int hidden = 0;
        for (int band = 0; band < band_count; ++band, ++margin) {
            if (is_nan(*margin)) continue;
            ++active;
            // Positive halves are ordered as whole numbers are; those with a sign are below zero.
            if ((*margin & 0x8000U) != 0 || *margin < limit) ++hidden;
        }
        share = active == 0 ? std::numeric_limits<float>::quiet_NaN()
                            : static_cast<float>(hidden) / static_cast<float>(active);
    }
    return shares;
}

int find_object(const MaskingView& view, const std::string& name) {
    for (int i = 0; i < static_cast<int>(view.objects.size()); ++i) {
        if (view.objects[i].name == name) return i;
    }
    return -1;
}

std::shared_ptr<const Report> Report::open(const std::filesystem::path& folder) {
    MaskingResults results = read_masking_report(folder);
    Suggestions suggestions = read_suggestions(folder, results);
    return std::make_shared<const Report>(std::move(results), folder, std::move(suggestions.list));
}

Report::Report(MaskingResults results, std::filesystem::path folder, std::vector<Suggestion> suggestions)
    : results_(std::move(results)),
      folder_(std::move(folder)),
      tracks_{nullptr, MaskingShape(results_, results_.tracks), {}, {}, 0.0, {}, {}, {}},
      groups_{nullptr, MaskingShape(results_, results_.groups), {}, {}, 0.0, {}, {}, {}},
      suggestions_(std::move(suggestions)) {
    ClashEvents events = clash_events(results_);
    tracks_ = look_at(results_, results_.tracks, std::move(events.tracks));
    groups_ = look_at(results_, results_.groups, std::move(events.groups));
}

}  // namespace tutti::viewer
