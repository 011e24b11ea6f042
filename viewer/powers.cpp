#include "viewer/powers.hpp"

#include <algorithm>
#include <cmath>

namespace tutti::viewer {

Powers::Powers(const Report& report, const ReportView& view)
    : results_(report.results()), tracks_(report.tracks().shape) {
    for (std::size_t i = 1; i < table_.size(); ++i) {
        table_[i] = std::pow(10.0F, (0.5F * static_cast<float>(i) - 20.0F) / 10.0F);
    }
    members_.resize(view.view->objects.size());
    for (int track = 0; track < tracks_.objects; ++track) {
        const int object =
            &view == &report.tracks() ? track : find_object(*view.view, results_.tracks.objects[track].group);
        if (object >= 0) members_[object].push_back(track);
    }
}

float Powers::of(int ear, int object, int hop, int band) const {
    float sum = 0.0F;
    for (const int track : members_[object]) {
        sum += table_[results_.excitation[tracks_.excitation(ear, track, hop, band)]];
    }
    return sum;
}

void Powers::add(int object, std::span<const HiddenCell> cells, std::span<float> sums) const {
    for (const int track : members_[object]) {
        const std::uint8_t* left = results_.excitation.data() + tracks_.excitation(0, track, 0, 0);
        const std::uint8_t* right = results_.excitation.data() + tracks_.excitation(1, track, 0, 0);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            sums[i] += table_[left[cells[i].at]] + table_[right[cells[i].at]];
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
