#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/cached_excitation.hpp"
#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"
#include "host/masking_summary.hpp"

namespace tutti::viewer {

/// What panels show of one object over time, per display hop.
struct Lane {
    std::vector<float> level_db;      ///< excitation of both ears and all bands; -inf: nothing
    std::vector<float> hidden_share;  ///< of its active bands: margins below 6 dB; NaN: nothing active
};

/// Sums over what an analysis found between tracks, or between groups.
struct ReportView {
    const MaskingView* view = nullptr;
    MaskingShape shape;
    std::vector<ObjectSummary> summaries;  ///< [object]
    std::vector<double> clash;             ///< [target][masker], sone s
    double greatest_clash = 0.0;
    std::vector<Lane> lanes;             ///< [object]
    std::vector<ClashEvent> events;      ///< most urgent first
    std::vector<std::string> sentences;  ///< [event]
    bool is_of_tracks = true;            ///< else of groups
    LevelChanges changes{};              ///< of the report's excitation, where something is tried out

    double clash_of(int target, int masker) const {
        return clash[static_cast<std::size_t>(target) * summaries.size() + masker];
    }
};

/// A masking report with what is worked out once when it is opened. Does not move: the views point into it.
class Report {
  public:
    /// Throws InputError when the folder holds no report that can be shown.
    static std::shared_ptr<const Report> open(const std::filesystem::path& folder);

    Report(MaskingResults results, std::filesystem::path folder, std::vector<Suggestion> suggestions = {});
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;

    const MaskingResults& results() const { return results_; }
    const std::filesystem::path& folder() const { return folder_; }
    const ReportView& tracks() const { return tracks_; }
    const ReportView& groups() const { return groups_; }
    const std::vector<Suggestion>& suggestions() const {
        return suggestions_;
    }  ///< of tracks, most won first

    double end_s() const { return results_.from_s + results_.hop_count * results_.hop_s; }

  private:
    MaskingResults results_;
    std::filesystem::path folder_;
    ReportView tracks_;
    ReportView groups_;
    std::vector<Suggestion> suggestions_;
};

/// [hop]: Lane::hidden_share from margins, [hop][display band].
std::vector<float> hidden_shares(std::span<const std::uint16_t> margin_db, int hop_count, int band_count);

/// Index of the object of that name; -1: none.
int find_object(const MaskingView& view, const std::string& name);

}  // namespace tutti::viewer
