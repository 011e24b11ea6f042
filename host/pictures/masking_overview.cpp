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

/// Twice as loud is one step higher: from 1/16 sone, of which there is nothing to see, to 32.
double height_of(double sone) {
    constexpr double steps = 9.0;
    return sone > 0.0 ? std::clamp((std::log2(sone) + 4.0) / steps, 0.0, 1.0) : 0.0;
}

void paint_lane(Canvas& canvas, const MaskingScene& scene, int track, double top) {
    const MaskingResults& results = scene.results;
    const MaskingObject& object = results.tracks.objects[static_cast<std::size_t>(track)];
    const double middle = top + 0.5 * lane_height;
    canvas.colour(ink);
    canvas.text(lanes_left - 10.0, middle, canvas.shortened(object.name, {11.5}, lanes_left - 34.0),
                {11.5, Anchor::end});
    const double base = top + lane_height - 1.5;
    canvas.colour(ink, 0.12);
    canvas.line({{lanes_left, base}, {lanes_right, base}}, 0.7);

    const int columns =
        std::min(results.hop_count, static_cast<int>((lanes_right - lanes_left) * canvas.scale()));
    const std::vector<Moment> lane = moments(results, MaskingShape(results, results.tracks), track, columns);
    const double width = (lanes_right - lanes_left) / std::max(columns, 1);
    for (int column = 0; column < columns; ++column) {
        const Moment& moment = lane[static_cast<std::size_t>(column)];
        if (std::isnan(moment.margin_db)) continue;
        const double height = std::max(1.0, height_of(moment.sone) * (lane_height - 3.0));
        canvas.colour(colour_at(ColourMap::margin, margin_place(moment.margin_db)));
        canvas.fill({lanes_left + column * width, base - height, lanes_left + (column + 1) * width, base});
    }

    const ObjectSummary& summary = scene.tracks[static_cast<std::size_t>(track)];
    double left = classes_left;
    for (std::size_t i = 0; i < audibility_count; ++i) {
        const double right = left + summary.audibility[i] * (classes_right - classes_left);
        canvas.colour(colour_at(ColourMap::margin, class_places[i]));
        canvas.fill({left, top + 4.0, right, top + lane_height - 4.0});
        left = right;
    }
    canvas.colour(ink);
    if (summary.active_share > 0.0)
        canvas.text(classes_right + 52.0, middle, percent_text(summary.hidden_share()), {11.0, Anchor::end});
}

}  // namespace

void draw_overview(const MaskingScene& scene, const std::filesystem::path& file) {
    const MaskingResults& results = scene.results;
    const double bottom = lanes_top + lane_height * static_cast<double>(scene.shown.size());
    Canvas canvas(picture_width, bottom + TimeAxis::height + 66.0, scene.scale);
    canvas.colour(ink);
    const TextStyle title{20.0, Anchor::start, true};
    canvas.text(24.0, 28.0,
                canvas.shortened(results.session_name, title, 700.0) + ": what can be heard of every track",
                title);
    canvas.colour(grey_ink);
    canvas.text(
        24.0, 56.0,
        "Height: loudness in the mix, a step of a ninth for twice as loud, up to 32 sone. Colour: how far "
        "above the masked threshold it sounds, on average.",
        {12.0});
    canvas.text(0.5 * (lanes_left + lanes_right), lanes_top - 14.0, "over time", {11.0, Anchor::middle});
    canvas.text(classes_left, lanes_top - 14.0, "of what it plays", {11.0});
    canvas.text(classes_right + 52.0, lanes_top - 14.0, "hidden", {11.0, Anchor::end});

    for (std::size_t i = 0; i < scene.shown.size(); ++i)
        paint_lane(canvas, scene, scene.shown[i], lanes_top + lane_height * static_cast<double>(i));
    TimeAxis(results, {lanes_left, lanes_top, lanes_right, bottom}).paint(canvas);
    paint_margin_legend(canvas, lanes_left, bottom + TimeAxis::height + 24.0, 520.0);
    canvas.colour(grey_ink);
    std::string words = "hidden: inaudible or heavily masked";
    if (scene.shown.size() < scene.tracks.size())
        words += "; the " + std::to_string(scene.shown.size()) + " of " +
                 std::to_string(scene.tracks.size()) + " tracks with most clash";
    canvas.text(lanes_left + 540.0, bottom + TimeAxis::height + 30.0, words, {11.0});
    canvas.write(file);
}

}  // namespace tutti
