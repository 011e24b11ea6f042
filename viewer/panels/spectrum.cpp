#include <algorithm>
#include <cmath>

#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

/// Levels from left to right, the Cam scale from below, as in the heatmap beside it.
class Plot {
  public:
    Plot(const Panel& panel, const Rect& where, const Spectrum& spectrum) : panel_(panel), where_(where) {
        float greatest = 0.0F;
        const auto look = [&](const std::vector<float>& levels) {
            for (const float level : levels)
                greatest = std::max(greatest, std::isfinite(level) ? level : 0.0F);
        };
        look(spectrum.target_db);
        for (const auto& masker : spectrum.maskers) look(masker.level_db);
        high_db_ = std::max(60.0F, std::ceil(greatest / 10.0F) * 10.0F);
        low_db_ = high_db_ - 70.0F;
    }

    float x_of(float db) const {
        return where_.left + where_.width() * (db - low_db_) / (high_db_ - low_db_);
    }

    void draw_grid() const {
        ImDrawList& list = *ImGui::GetWindowDrawList();
        ImFont* const font = panel_.interface.small_font();
        for (float db = low_db_; db <= high_db_; db += 10.0F) {
            const float x = x_of(db);
            list.AddLine({x, where_.top}, {x, where_.bottom}, panel_.colours().grid);
            if (std::fmod(high_db_ - db, 20.0F) == 10.0F && db > low_db_) {
                draw_text(list, font, x, where_.bottom + panel_.px(11), panel_.colours().ink,
                          std::to_string(std::lround(db)), Anchor::middle);
            }
        }
        draw_text(list, font, where_.right, where_.bottom + panel_.px(11) + 1.1F * font->FontSize,
                  panel_.colours().faint_ink, "excitation (dB)", Anchor::end);
    }

    /// Joined where neighbouring bands both have a value.
    void draw_line(const std::vector<float>& levels, ImU32 colour, float width) const {
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const Stretch& shown = panel_.state.shown;
        for (std::size_t i = 1; i < levels.size(); ++i) {
            if (!std::isfinite(levels[i - 1]) || !std::isfinite(levels[i])) continue;
            const auto y = [&](double band) {
                return cam_to_y(shown, where_, band_position_to_cam(band + 0.5));
            };
            list.AddLine({x_of(levels[i - 1]), y(static_cast<double>(i) - 1.0)},
                         {x_of(levels[i]), y(static_cast<double>(i))}, colour, width);
        }
    }

  private:
    const Panel& panel_;
    const Rect& where_;
    float low_db_ = 0.0F;
    float high_db_ = 0.0F;
};

ImU32 masker_colour(const Panel& panel, std::size_t i) {
    return i == 0 ? panel.colours().masker : panel.colours().others[i - 1];
}

}  // namespace

void show_spectrum(const Panel& panel, const Rect& where) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    list.AddRectFilled(where.corner(), where.far_corner(), colours.plot);
    if (!panel.scene.spectrum) {
        const float x = 0.5F * (where.left + where.right);
        const float y = 0.5F * (where.top + where.bottom);
        draw_text(list, font, x, y - 0.6F * font->FontSize, colours.faint_ink, "Click into the heatmap",
                  Anchor::middle);
        draw_text(list, font, x, y + 0.6F * font->FontSize, colours.faint_ink, "for the spectrum there.",
                  Anchor::middle);
        return;
    }
    const Spectrum& spectrum = *panel.scene.spectrum;
    const Plot plot(panel, where, spectrum);
    const float scale = panel.interface.scale();
    plot.draw_grid();
    list.PushClipRect(where.corner(), where.far_corner(), true);
    for (std::size_t i = spectrum.maskers.size(); i-- > 0;) {
        plot.draw_line(spectrum.maskers[i].level_db, masker_colour(panel, i), (i == 0 ? 1.8F : 1.2F) * scale);
    }
    plot.draw_line(spectrum.threshold_db, colours.threshold, 2.0F * scale);
    plot.draw_line(spectrum.target_db, colours.target, 2.4F * scale);
    if (panel.state.cursor) {
        const float y = cam_to_y(panel.state.shown, where, panel.state.cursor->cam);
        list.AddLine({where.left, y}, {where.right, y}, colours.cursor);
    }
    list.PopClipRect();
    show_bell(panel, where);
}

void show_spectrum_names(const Panel& panel, const Rect& where) {
    if (!panel.scene.spectrum) return;
    const Spectrum& spectrum = *panel.scene.spectrum;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    const float line = 1.25F * font->FontSize;
    const auto line_count = static_cast<std::size_t>(std::max(3.0F, where.height() / line));
    const std::size_t masker_count = std::min(spectrum.maskers.size(), line_count - 3);
    float y = where.bottom - line * (static_cast<float>(masker_count) + 2.5F);
    draw_text(list, font, where.left, y, colours.faint_ink,
              "at " + moment_and_bar(panel.state.report->results(), panel.scene.spectrum_s));
    y += line;
    const auto entry = [&](ImU32 colour, const std::string& text) {
        list.AddLine({where.left, y}, {where.left + panel.px(16), y}, colour, 2.5F * panel.interface.scale());
        draw_text(list, font, where.left + panel.px(22), y, colours.ink,
                  fitted(text, where.width() - panel.px(24), font));
        y += line;
    };
    entry(colours.target, panel.name_of(panel.state.target));
    entry(colours.threshold, "its masked threshold");
    for (std::size_t i = 0; i < masker_count; ++i) {
        const Spectrum::Masker& masker = spectrum.maskers[i];
        entry(masker_colour(panel, i),
              "by " + panel.name_of(masker.object) + " (" + share_text(masker.share) + ")");
    }
}

}  // namespace tutti::viewer
