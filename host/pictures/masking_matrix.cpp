#include <algorithm>
#include <cmath>
#include <string>

#include "host/pictures/canvas.hpp"
#include "host/pictures/masking_axes.hpp"
#include "host/pictures/masking_pictures.hpp"

namespace tutti {

namespace {

/// Objects that stand together, by their places among those shown.
struct Cluster {
    std::string name;
    std::size_t first = 0;
    std::size_t count = 0;
};

/// The objects in rows and columns, those of a group side by side, groups in the order of their first object.
struct MatrixOrder {
    std::vector<int> objects;
    std::vector<Cluster> clusters;

    MatrixOrder(const MaskingView& view, const std::vector<int>& shown) {
        std::vector<std::string> names;
        for (const int object : shown) {
            const std::string& group = view.objects[static_cast<std::size_t>(object)].group;
            if (std::find(names.begin(), names.end(), group) == names.end()) names.push_back(group);
        }
        for (const std::string& name : names) {
            clusters.push_back({name, objects.size(), 0});
            for (const int object : shown) {
                if (view.objects[static_cast<std::size_t>(object)].group == name) objects.push_back(object);
            }
            clusters.back().count = objects.size() - clusters.back().first;
        }
    }
};

struct MatrixWords {
    std::string title;
    std::vector<std::string> notes;
    std::string legend = "clash: the row's loudness at stake, in sone s; white: less";
    std::string growth_legend{};  ///< of a difference
};

double greatest_of(const std::vector<double>& clash) {
    double greatest = 0.0;
    for (const double value : clash) greatest = std::max(greatest, std::abs(value));
    return greatest;
}

class MatrixPainter {
  public:
    /// `clash`: [target][masker]; of a difference, below 0 where it became less.
    MatrixPainter(const MaskingScene& scene, const MaskingView& view, MatrixOrder order, bool clustered,
                  const MatrixWords& words, std::vector<double> clash)
        : view_(view),
          order_(std::move(order)),
          clustered_(clustered),
          words_(words),
          clash_(std::move(clash)),
          scale_(greatest_of(clash_)),
          cell_(cell_for(order_.objects.size())),
          names_{std::clamp(0.6 * cell_, 9.0, 13.0)},
          cluster_names_{std::min(12.0, 0.85 * cell_), Anchor::start, true},
          name_room_(width_of_names()),
          cluster_room_(width_of_clusters()),
          matrix_(layout()),
          canvas_(std::max(matrix_.right + 30.0, 660.0),
                  matrix_.bottom + 76.0 + (is_difference() ? legend_step : 0.0), scene.scale) {}

    void paint(const std::filesystem::path& file) {
        paint_words();
        for (std::size_t row = 0; row < order_.objects.size(); ++row) paint_row(row);
        paint_lines();
        for (std::size_t i = 0; i < order_.objects.size(); ++i) paint_name(i);
        if (clustered_) {
            for (const Cluster& cluster : order_.clusters) paint_cluster(cluster);
        }
        paint_amount_legend(canvas_, 40.0, matrix_.bottom + 30.0, 240.0, scale_, words_.legend,
                            ColourMap::amount, palest());
        if (is_difference()) {
            paint_amount_legend(canvas_, 40.0, matrix_.bottom + 30.0 + legend_step, 240.0, scale_,
                                words_.growth_legend, ColourMap::growth, palest());
        }
        canvas_.write(file);
    }

  private:
    static constexpr double longest_name = 124.0;
    static constexpr double longest_cluster = 84.0;
    static constexpr double title_room = 30.0;
    static constexpr double note_step = 17.0;
    static constexpr double legend_step = 44.0;

    bool is_difference() const { return !words_.growth_legend.empty(); }

    /// Where the maps begin: their pale ends look alike, which matters where both are in one picture.
    double palest() const { return is_difference() ? 0.2 : 0.0; }

    static double cell_for(std::size_t count) {
        return count <= 12 ? 40.0 : count <= 24 ? 28.0 : count <= most_shown_tracks ? 19.0 : 12.0;
    }

    double width_of_names() const {
        Canvas ruler(1.0, 1.0, 1.0);
        double widest = 0.0;
        for (const int object : order_.objects) {
            const std::string& name = view_.objects[static_cast<std::size_t>(object)].name;
            widest = std::max(widest, ruler.text_width(name, names_));
        }
        return std::min(widest, longest_name);
    }

    double width_of_clusters() const {
        Canvas ruler(1.0, 1.0, 1.0);
        double widest = 0.0;
        for (const Cluster& cluster : order_.clusters)
            widest = std::max(widest, ruler.text_width(cluster.name, cluster_names_));
        return std::min(widest, longest_cluster);
    }

    Box layout() const {
        const double side = cell_ * static_cast<double>(order_.objects.size());
        const double beside = name_room_ + (clustered_ ? cluster_room_ + 16.0 : 0.0) + 14.0;
        const double left = 24.0 + std::max(beside, 150.0);
        const double top = title_room + note_step * static_cast<double>(words_.notes.size()) + 24.0 + beside;
        return {left, top, left + side, top + side};
    }

    Box cell(std::size_t row, std::size_t column) const {
        const double left = matrix_.left + cell_ * static_cast<double>(column);
        const double top = matrix_.top + cell_ * static_cast<double>(row);
        return {left, top, left + cell_, top + cell_};
    }

    void paint_words() {
        canvas_.colour(ink);
        canvas_.text(24.0, title_room, words_.title, {20.0, Anchor::start, true});
        canvas_.colour(grey_ink);
        for (std::size_t i = 0; i < words_.notes.size(); ++i) {
            canvas_.text(24.0, title_room + 8.0 + note_step * static_cast<double>(i + 1), words_.notes[i],
                         {12.0});
        }
        canvas_.colour(ink);
        const TextStyle heading{12.0, Anchor::end, true};
        canvas_.text(matrix_.left - 12.0, matrix_.top - 10.0, "is hidden \u2193   hides \u2192", heading);
    }

    void paint_row(std::size_t row) {
        const auto target = static_cast<std::size_t>(order_.objects[row]);
        for (std::size_t column = 0; column < order_.objects.size(); ++column) {
            const auto masker = static_cast<std::size_t>(order_.objects[column]);
            const double clash = clash_[target * view_.objects.size() + masker];
            const bool grew = is_difference() && clash > 0.0;
            const double place = scale_.place(std::abs(clash));
            if (row == column) {
                canvas_.colour({0.9, 0.9, 0.91});
            } else if (place < 0.0) {
                continue;
            } else {
                canvas_.colour(colour_at(grew ? ColourMap::growth : ColourMap::amount,
                                         palest() + (1.0 - palest()) * place));
            }
            canvas_.fill(cell(row, column));
        }
    }

    void paint_lines() {
        canvas_.colour(ink, 0.09);
        for (std::size_t i = 0; i <= order_.objects.size(); ++i) {
            const Box at = cell(i, i);
            canvas_.line({{at.left, matrix_.top}, {at.left, matrix_.bottom}}, 0.5);
            canvas_.line({{matrix_.left, at.top}, {matrix_.right, at.top}}, 0.5);
        }
        canvas_.colour(ink, 0.8);
        canvas_.outline(matrix_, 0.8);
        if (!clustered_) return;
        for (const Cluster& cluster : order_.clusters) {
            const Box at = cell(cluster.first, cluster.first);
            canvas_.line({{at.left, matrix_.top - 6.0}, {at.left, matrix_.bottom}}, 0.9);
            canvas_.line({{matrix_.left - 6.0, at.top}, {matrix_.right, at.top}}, 0.9);
        }
    }

    void paint_name(std::size_t i) {
        const std::string& name = view_.objects[static_cast<std::size_t>(order_.objects[i])].name;
        const Box at = cell(i, i);
        const std::string words = canvas_.shortened(name, names_, name_room_);
        canvas_.colour(ink);
        canvas_.text(matrix_.left - 12.0, at.middle_y(), words, {names_.size, Anchor::end});
        canvas_.upright_text(at.middle_x(), matrix_.top - 10.0, words, names_);
    }

    void paint_cluster(const Cluster& cluster) {
        const Box first = cell(cluster.first, cluster.first);
        const Box last = cell(cluster.first + cluster.count - 1, cluster.first + cluster.count - 1);
        const double x = matrix_.left - 12.0 - name_room_ - 8.0;
        const double y = matrix_.top - 10.0 - name_room_ - 8.0;
        canvas_.colour(grey_ink, 0.8);
        canvas_.line({{x, first.top + 2.0}, {x, last.bottom - 2.0}}, 2.0);
        canvas_.line({{first.left + 2.0, y}, {last.right - 2.0, y}}, 2.0);
        const std::string words = canvas_.shortened(cluster.name, cluster_names_, cluster_room_);
        canvas_.colour(ink);
        canvas_.text(x - 7.0, 0.5 * (first.top + last.bottom), words,
                     {cluster_names_.size, Anchor::end, true});
        canvas_.upright_text(0.5 * (first.left + last.right), y - 7.0, words, cluster_names_);
    }

    const MaskingView& view_;
    MatrixOrder order_;
    bool clustered_;
    MatrixWords words_;
    std::vector<double> clash_;
    AmountScale scale_;
    double cell_;
    TextStyle names_;
    TextStyle cluster_names_;
    double name_room_;
    double cluster_room_;
    Box matrix_;
    Canvas canvas_;
};

std::string stretch_text(const MaskingResults& results) {
    return results.session_name + ", " + tick_clock_text(results.from_s) + " to " +
           tick_clock_text(results.from_s + results.duration_s);
}

}  // namespace

void draw_track_matrix(const MaskingScene& scene, const std::filesystem::path& file) {
    const std::size_t all = scene.tracks.size();
    MatrixWords words{"Which track hides which", {stretch_text(scene.results)}};
    if (scene.shown.size() < all) {
        words.notes.push_back("The " + std::to_string(scene.shown.size()) + " of " + std::to_string(all) +
                              " tracks with the greatest clash");
    }
    const MaskingView& view = scene.results.tracks;
    MatrixPainter(scene, view, MatrixOrder(view, scene.shown), true, words, total_clash(scene.results, view))
        .paint(file);
}

void draw_group_matrix(const MaskingScene& scene, const std::filesystem::path& file) {
    std::vector<int> all;
    for (std::size_t i = 0; i < scene.groups.size(); ++i) all.push_back(static_cast<int>(i));
    const MaskingView& view = scene.results.groups;
    const MatrixWords words{"Which group hides which", {stretch_text(scene.results)}};
    MatrixPainter(scene, view, MatrixOrder(view, all), false, words, total_clash(scene.results, view))
        .paint(file);
}

void draw_difference_matrix(const MaskingScene& scene, const MaskingComparison& comparison,
                            const std::filesystem::path& file) {
    const MaskingView& view = scene.results.tracks;
    const std::size_t count = view.objects.size();
    const std::size_t matched = comparison.after.size();
    std::vector<double> difference(count * count, 0.0);
    for (std::size_t target = 0; target < matched; ++target) {
        for (std::size_t masker = 0; masker < matched; ++masker) {
            difference[static_cast<std::size_t>(comparison.after[target]) * count +
                       static_cast<std::size_t>(comparison.after[masker])] =
                comparison.clash_difference[target * matched + masker];
        }
    }
    std::vector<int> shown;
    for (const int object : scene.shown) {
        if (std::find(comparison.after.begin(), comparison.after.end(), object) != comparison.after.end())
            shown.push_back(object);
    }
    MatrixWords words{"What became of who hides whom", {stretch_text(scene.results)}};
    if (shown.size() < count) {
        words.notes.push_back("The " + std::to_string(shown.size()) + " of " + std::to_string(count) +
                              " tracks with the greatest clash that are in both analyses");
    }
    words.legend = "clash that went away, in sone s; white: less";
    words.growth_legend = "clash that came";
    MatrixPainter(scene, view, MatrixOrder(view, shown), true, words, std::move(difference)).paint(file);
}

}  // namespace tutti
