#include <algorithm>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/half_float.hpp"
#include "host/masking_sentences.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

const char* class_words(float margin_db) {
    if (margin_db < 0.0F) return "inaudible";
    if (margin_db < 6.0F) return "heavily masked";
    return margin_db < 15.0F ? "partly masked" : "clear";
}

void show_margin(const Panel& panel, double time_s, int band) {
    const MaskingShape& shape = panel.view().shape;
    const int hop = hop_at(panel.state.report->results(), time_s);
    const float margin = from_half(panel.view().view->margin_db[shape.cell(panel.state.target, hop, band)]);
    const std::string& name = panel.name_of(panel.state.target);
    if (std::isnan(margin)) {
        ImGui::TextDisabled("%s is not active here", name.c_str());
    } else {
        ImGui::Text("%s is %s: %.0f dB %s its masked threshold", name.c_str(), class_words(margin),
                    std::abs(static_cast<double>(margin)), margin < 0.0F ? "under" : "over");
    }
}

/// Whom it hides most in the section and band group that the mouse is on.
void show_victims(const Panel& panel, double time_s, int band) {
    const MaskingResults& results = panel.state.report->results();
    const MaskingShape& shape = panel.view().shape;
    const int section = std::clamp(static_cast<int>((time_s - results.from_s) / results.section_s), 0,
                                   std::max(0, shape.sections - 1));
    const int group = band * shape.groups / shape.bands;
    std::vector<Share> victims;
    double sum = 0.0;
    for (int target = 0; target < shape.objects; ++target) {
        const float clash = panel.view().view->clash[shape.pair(section, group, target, panel.state.target)];
        sum += static_cast<double>(clash);
        victims.push_back({target, static_cast<double>(clash)});
    }
    if (sum <= 0.0) {
        ImGui::TextDisabled("%s hides nobody here", panel.name_of(panel.state.target).c_str());
        return;
    }
    std::stable_sort(victims.begin(), victims.end(), [](auto& a, auto& b) { return a.share > b.share; });
    ImGui::Text("%s hides others here (%s sone s):", panel.name_of(panel.state.target).c_str(),
                sone_text(sum).c_str());
    for (std::size_t i = 0; i < std::min<std::size_t>(3, victims.size()); ++i) {
        if (victims[i].share <= 0.0) break;
        ImGui::Text("%s %s", share_text(victims[i].share / sum).c_str(),
                    panel.name_of(victims[i].object).c_str());
    }
}

}  // namespace

void show_heatmap_readout(const Panel& panel, double time_s, double cam) {
    const MaskingShape& shape = panel.view().shape;
    const int band = static_cast<int>(std::floor(band_position(cam)));
    ImGui::BeginTooltip();
    ImGui::Text("%s   %s", moment_and_bar(panel.state.report->results(), time_s).c_str(),
                frequency_and_note(cam_to_hz(cam)).c_str());
    if (band < 0 || band >= shape.bands || shape.hops == 0 || shape.sections == 0) {
        ImGui::TextDisabled("not modelled below 45 Hz and above 15 kHz");
    } else if (panel.state.shade == Shade::harm) {
        show_victims(panel, time_s, band);
    } else {
        show_margin(panel, time_s, band);
    }
    ImGui::EndTooltip();
}

}  // namespace tutti::viewer
