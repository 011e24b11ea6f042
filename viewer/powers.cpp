#include "viewer/powers.hpp"

#include <algorithm>
#include <cmath>

namespace tutti::viewer {

Powers::Powers(const Report& report, const ReportView& view)
    : results_(report.results()), tracks_(report.tracks().shape), playback_(view.changes.playback) {
    for (std::size_t i = 1; i < table_.size(); ++i) {
        table_[i] = std::pow(10.0F, (0.5F * static_cast<float>(i) - 20.0F) / 10.0F);
    }
    members_.resize(view.view->objects.size());
    for (int track = 0; track < tracks_.objects; ++track) {
        const int object =
            view.is_of_tracks ? track : find_object(*view.view, results_.tracks.objects[track].group);
        changes_.push_back(view.changes.of(track));
        if (object >= 0) members_[object].push_back(track);
    }
}

float Powers::of_track(int ear, int track, std::size_t cell, int band) const {
    const std::size_t plane = static_cast<std::size_t>(tracks_.hops) * tracks_.bands;
    const std::size_t objects = tracks_.objects;
    const auto at = [&](int from) {
        return table_[results_.excitation[(from * objects + track) * plane + cell]];
    };
    const LevelChange* const change = changes_[track];
    if (change == nullptr) return at(ear) * playback_;
    return (at(ear) + (change->adds_ears ? at(1 - ear) : 0.0F)) * change->power_gains[ear][band] * playback_;
}

float Powers::of(int ear, int object, int hop, int band) const {
    float sum = 0.0F;
    const std::size_t cell = static_cast<std::size_t>(hop) * tracks_.bands + band;
    for (const int track : members_[object]) sum += of_track(ear, track, cell, band);
    return sum;
}

void Powers::add(int object, std::span<const HiddenCell> cells, std::span<float> sums) const {
    for (const int track : members_[object]) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::size_t cell = cells[i].at;
            const int band = static_cast<int>(cell % tracks_.bands);
            sums[i] += of_track(0, track, cell, band) + of_track(1, track, cell, band);
        }
    }
}

std::vector<int> strangers(const ReportView& view, int target) {
    std::vector<int> found;
    for (int i = 0; i < view.shape.objects; ++i) {
        if (!are_relatives(*view.view, target, i)) found.push_back(i);
    }
    return found;
}

double severity(float margin_db) { return std::clamp(1.0 - static_cast<double>(margin_db) / 15.0, 0.0, 1.0); }

std::vector<Share> shares_of(const std::vector<int>& objects, const std::vector<double>& blame) {
    double sum = 0.0;
    for (const double part : blame) sum += part;
    std::vector<Share> shares;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (blame[i] > 0.0) shares.push_back({objects[i], blame[i] / sum});
    }
    std::stable_sort(shares.begin(), shares.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    return shares;
}

}  // namespace tutti::viewer
