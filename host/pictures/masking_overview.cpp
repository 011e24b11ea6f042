#include <algorithm>
#include <cmath>
#include <string>

#include "host/half_float.hpp"
#include "host/pictures/canvas.hpp"
#include "host/pictures/masking_axes.hpp"
#include "host/pictures/masking_pictures.hpp"

namespace tutti {

namespace {

constexpr double picture_width = 1200.0;
constexpr double lanes_left = 190.0;
constexpr double lanes_right = 950.0;
constexpr double classes_left = 974.0;
constexpr double classes_right = 1120.0;
constexpr double lanes_top = 104.0;
constexpr double lane_height = 22.0;
constexpr double class_places[audibility_count] = {0.05, 0.37, 0.585, 0.9};  // along the map of margins

/// One column of a lane: loudness in the mix and mean margin of what sounds.
struct Moment {
    double sone = 0.0;
    double margin_db = std::nan("");
};

std::vector<Moment> moments(const MaskingResults& results, const MaskingShape& shape, int track,
                            int columns) {
    std::vector<Moment> result(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        const int first = static_cast<int>(std::int64_t{column} * shape.hops / columns);
        const int end = static_cast<int>(std::int64_t{column + 1} * shape.hops / columns);
        double margins = 0.0;
        int active = 0;
        double sone = 0.0;
        for (std::size_t at = shape.cell(track, first, 0);
             at < shape.cell(track, end - 1, 0) + static_cast<std::size_t>(shape.bands); ++at) {
            sone += static_cast<double>(from_half(results.tracks.loudness[at]));
            const float margin = from_half(results.tracks.margin_db[at]);
            if (std::isnan(margin)) continue;
            margins +=
                std::clamp(static_cast<double>(margin), least_shown_margin_db, greatest_shown_margin_db);
            ++active;
        }
        Moment& moment = result[static_cast<std::size_t>(column)];
        moment.sone = sone / (end - first);
        if (active > 0) moment.margin_db = margins / active;
    }
    return result;
}

/// Heights of lanes: every doubling of loudness is one step of nine below the greatest.
class LoudnessScale {
  public:
    explicit LoudnessScale(double greatest_sone)
        : greatest_(greatest_sone > 0.0 ? std::exp2(std::ceil(std::log2(greatest_sone))) : 1.0) {}

    double greatest() const { return greatest_; }
    double least() const { return greatest_ / std::exp2(steps); }
    double height(double sone) const {
        return sone > 0.0 ? std::clamp(1.0 + std::log2(sone / greatest_) / steps, 0.0, 1.0) : 0.0;
    }

  private:
    static constexpr double steps = 9.0;
    double greatest_;
};

class OverviewPainter {
  public:
    explicit OverviewPainter(const MaskingScene& scene)
        : scene_(scene),
          results_(scene.results),
          bottom_(lanes_top + lane_height * static_cast<double>(scene.shown.size())),
          canvas_(picture_width, bottom_ + TimeAxis::height + 66.0, scene.scale),
          columns_(std::min(results_.hop_count, static_cast<int>((lanes_right - lanes_left) * scene.scale))),
          lanes_(all_moments()),
          scale_(greatest_sone()) {}

    void paint(const std::filesystem::path& file) {
        paint_words();
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const double top = lanes_top + lane_height * static_cast<double>(i);
            const auto track = static_cast<std::size_t>(scene_.shown[i]);
            const std::string& name = results_.tracks.objects[track].name;
            canvas_.colour(ink);
            canvas_.text(lanes_left - 10.0, top + 0.5 * lane_height,
                         canvas_.shortened(name, {11.5}, lanes_left - 34.0), {11.5, Anchor::end});
            paint_lane(lanes_[i], top + lane_height - 1.5);
            paint_classes(scene_.tracks[track], top);
        }
        TimeAxis(results_, {lanes_left, lanes_top, lanes_right, bottom_}).paint(canvas_);
        paint_margin_legend(canvas_, lanes_left, bottom_ + TimeAxis::height + 24.0, 520.0);
        canvas_.write(file);
    }

  private:
    std::vector<std::vector<Moment>> all_moments() const {
        std::vector<std::vector<Moment>> lanes;
        const MaskingShape shape(results_, results_.tracks);
        for (const int track : scene_.shown) lanes.push_back(moments(results_, shape, track, columns_));
        return lanes;
    }

    double greatest_sone() const {
        double greatest = 0.0;
        for (const std::vector<Moment>& lane : lanes_) {
            for (const Moment& moment : lane) greatest = std::max(greatest, moment.sone);
        }
        return greatest;
    }

    void paint_words() {
        canvas_.colour(ink);
        const TextStyle title{20.0, Anchor::start, true};
        canvas_.text(
            24.0, 28.0,
            canvas_.shortened(results_.session_name, title, 700.0) + ": what can be heard of every track",
            title);
        canvas_.colour(grey_ink);
        canvas_.text(24.0, 56.0,
                     "Height: loudness in the mix, every doubling the same step, from " +
                         amount_text(scale_.least()) + " to " + amount_text(scale_.greatest()) +
                         " sone. Colour: how far above the masked threshold it sounds, on average.",
                     {12.0});
        canvas_.text(0.5 * (lanes_left + lanes_right), lanes_top - 14.0, "over time", {11.0, Anchor::middle});
        canvas_.text(classes_left, lanes_top - 14.0, "of what it plays", {11.0});
        canvas_.text(classes_right + 52.0, lanes_top - 14.0, "hidden", {11.0, Anchor::end});
        std::string words = "hidden: inaudible or heavily masked";
        if (scene_.shown.size() < scene_.tracks.size()) {
            words += "; the " + std::to_string(scene_.shown.size()) + " of " +
                     std::to_string(scene_.tracks.size()) + " tracks with most clash";
        }
        canvas_.text(lanes_left + 540.0, bottom_ + TimeAxis::height + 30.0, words, {11.0});
    }

    void paint_lane(const std::vector<Moment>& lane, double base) {
        canvas_.colour(ink, 0.12);
        canvas_.line({{lanes_left, base}, {lanes_right, base}}, 0.7);
        const double width = (lanes_right - lanes_left) / std::max(columns_, 1);
        double left = lanes_left;
        for (const Moment& moment : lane) {
            if (!std::isnan(moment.margin_db)) {
                const double height = std::max(1.0, scale_.height(moment.sone) * (lane_height - 3.0));
                canvas_.colour(colour_at(ColourMap::margin, margin_place(moment.margin_db)));
                canvas_.fill({left, base - height, left + width, base});
            }
            left += width;
        }
    }

    void paint_classes(const ObjectSummary& summary, double top) {
        double left = classes_left;
        for (std::size_t i = 0; i < audibility_count; ++i) {
            const double right = left + summary.audibility[i] * (classes_right - classes_left);
            canvas_.colour(colour_at(ColourMap::margin, class_places[i]));
            canvas_.fill({left, top + 4.0, right, top + lane_height - 4.0});
            left = right;
        }
        if (summary.active_share == 0.0) return;
        canvas_.colour(ink);
        canvas_.text(classes_right + 52.0, top + 0.5 * lane_height, percent_text(summary.hidden_share()),
                     {11.0, Anchor::end});
    }

    const MaskingScene& scene_;
    const MaskingResults& results_;
    double bottom_;
    Canvas canvas_;
    int columns_;
    std::vector<std::vector<Moment>> lanes_;  ///< [shown track][column]
    LoudnessScale scale_;
};

}  // namespace

void draw_overview(const MaskingScene& scene, const std::filesystem::path& file) {
    OverviewPainter(scene).paint(file);
}

}  // namespace tutti
