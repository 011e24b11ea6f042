#include "engine/vulkan/fft.hpp"

#include <vulkan/vulkan.h>
// vkFFT.h leaves these to its user.
#include <glslang/Include/glslang_c_interface.h>
#include <glslang/Public/resource_limits_c.h>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "engine/vulkan/structs.hpp"

namespace {

// VkFFT 1.2.26 fills glslang's table of limits by position, for an older glslang; that of glslang 12 has nine
// more members in the middle. This has the old positions, swallows the numbers, and hands out glslang's own
// defaults instead.
struct OldGlslangResource {
    int numbers[93];
    glslang_limits_t limits;
    const glslang_resource_t* operator&() const { return glslang_default_resource(); }
};

/// Where VkFFT, which would compile every pipeline from nothing, finds those compiled before.
thread_local VkPipelineCache known_pipelines = VK_NULL_HANDLE;

VkResult create_with_known_pipelines(VkDevice device, VkPipelineCache /*none*/, std::uint32_t count,
                                     const VkComputePipelineCreateInfo* infos,
                                     const VkAllocationCallbacks* callbacks, VkPipeline* pipelines) {
    return vkCreateComputePipelines(device, known_pipelines, count, infos, callbacks, pipelines);
}

}  // namespace

#define vkCreateComputePipelines create_with_known_pipelines
#define glslang_resource_t OldGlslangResource
#define VKFFT_BACKEND 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <vkFFT.h>
#pragma GCC diagnostic pop
#undef glslang_resource_t
#undef vkCreateComputePipelines

#include "engine/versions.hpp"

namespace tutti {

std::string vulkan_library_versions() {
    const int fft = VkFFTGetVersion();  // 1.2.26 is 10226
    return "VkFFT " + std::to_string(fft / 10000) + "." + std::to_string(fft / 100 % 100) + "." +
           std::to_string(fft % 100) + ", Vulkan headers 1." +
           std::to_string(VK_API_VERSION_MINOR(VK_HEADER_VERSION_COMPLETE)) + "." +
           std::to_string(VK_HEADER_VERSION);
}

}  // namespace tutti

namespace tutti::vulkan {

namespace {

/// Keeps glslang's tables in memory from the first FFT to the end of the process: building them costs more
/// than an FFT.
void start_compiler() {
    struct Compiler {
        Compiler() { glslang_initialize_process(); }
        ~Compiler() { glslang_finalize_process(); }
    };
    static const Compiler compiler;
}

OwnedFence make_fence(VkDevice device) {
    const auto info = of_type<VkFenceCreateInfo>(VK_STRUCTURE_TYPE_FENCE_CREATE_INFO);
    VkFence fence = VK_NULL_HANDLE;
    check(vkCreateFence(device, &info, nullptr, &fence), "making a fence");
    return {device, fence};
}

void check_fft(VkFFTResult result, const char* doing) {
    if (result == VKFFT_SUCCESS) return;
    throw DeviceError("VkFFT error " + std::to_string(result) + " while " + doing +
                      "; give a lower --memory or use --device cpu");
}

/// Whether these can be what VkFFT saved: for each shader the number of its bytes and that much SPIR-V. VkFFT
/// itself takes what it is given.
bool are_binaries(std::span<const std::byte> bytes) {
    constexpr std::uint32_t spirv_magic = 0x07230203;
    const auto word_at = [&](std::size_t at) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        return word;
    };
    std::size_t at = 0;
    while (at + 2 * sizeof(std::uint32_t) <= bytes.size()) {
        const std::size_t length = word_at(at);
        at += sizeof(std::uint32_t);
        if (word_at(at) != spirv_magic || length % sizeof(std::uint32_t) != 0) return false;
        if (length > bytes.size() - at) return false;
        at += length;
    }
    return !bytes.empty() && at == bytes.size();
}

}  // namespace

/// VkFFT keeps pointers to what it is given, so all of it lives here, at one address.
struct Fft::Application {
    VkPhysicalDevice physical;
    VkDevice device;
    VkQueue queue;
    VkCommandPool command_pool;
    OwnedFence fence;
    VkFence fence_handle;
    VkBuffer blocks;
    VkBuffer workspace;
    std::uint64_t blocks_bytes;
    std::uint64_t workspace_bytes;
    std::uint64_t block_bytes;
    std::uint32_t block_count;
    FftDirection direction;
    VkFFTConfiguration configuration{};
    VkFFTApplication fft{};

    Application(Device& owner, const Buffer& buffer, std::uint32_t size, std::uint32_t most_blocks,
                FftDirection way)
        : physical(owner.physical()),
          device(owner.handle()),
          queue(owner.compute().queue()),
          command_pool(owner.compute().command_pool()),
          fence(make_fence(device)),
          fence_handle(fence.get()),
          blocks(buffer.handle()),
          workspace(buffer.handle()),
          blocks_bytes(buffer.bytes()),
          workspace_bytes((size + std::uint64_t{2}) * sizeof(float) * most_blocks),
          block_bytes((size + std::uint64_t{2}) * sizeof(float)),
          block_count(most_blocks),
          direction(way) {
        configuration.FFTdim = 1;
        configuration.size[0] = size;
        configuration.numberBatches = block_count;
        configuration.performR2C = 1;
        // Two rows must not share one transform: the loud one would leave its rounding errors in the quiet
        // one.
        configuration.disableMergeSequencesR2C = 1;
        // Sines from a table made in double: those of GPU shaders are good to 2^-21 only.
        configuration.useLUT = 1;
        configuration.makeForwardPlanOnly = way == FftDirection::to_spectra ? 1 : 0;
        configuration.makeInversePlanOnly = way == FftDirection::to_frames ? 1 : 0;
        configuration.specifyOffsetsAtLaunch = 1;
        configuration.isCompilerInitialized = 1;  // by compile(), where it is needed
        configuration.physicalDevice = &physical;
        configuration.device = &device;
        configuration.queue = &queue;
        configuration.commandPool = &command_pool;
        configuration.fence = &fence_handle;
        configuration.bufferSize = &blocks_bytes;
        configuration.userTempBuffer = 1;
        configuration.tempBufferSize = &workspace_bytes;
        known_pipelines = owner.pipeline_cache();
        if (!load(owner.shaders().get(key()))) owner.shaders().put(key(), compile());
        if (plan().numAxisUploads[0] == 1) workspace_bytes = 0;
    }
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;
    ~Application() { deleteVkFFT(&fft); }

    VkFFTPlan& plan() const {
        return direction == FftDirection::to_spectra ? *fft.localFFTPlan : *fft.localFFTPlan_inverse;
    }

    /// Has what is recorded from now on do so many blocks: VkFFT takes the size of a dispatch from here when
    /// it records one, where there are several.
    void set_block_count(std::uint32_t count) {
        if (block_count == 1) return;
        plan().actualFFTSizePerAxis[0][1] = count;
        if (plan().multiUploadR2C != 0) plan().R2Cdecomposition.specializationConstants.numBatches = count;
    }

    /// All that VkFFT's shaders depend on, beside the device.
    std::string key() const {
        return "FFT of " + std::to_string(configuration.size[0]) + ", " +
               (direction == FftDirection::to_spectra ? "to spectra" : "to frames") + ", " +
               std::to_string(configuration.numberBatches) + " in " + std::to_string(blocks_bytes) +
               " bytes, VkFFT " + std::to_string(VkFFTGetVersion());
    }

    /// Makes the shaders from binaries made before; false when there are none that do.
    bool load(const std::vector<std::byte>& binaries) {
        if (!are_binaries(binaries)) return false;
        std::vector<std::uint32_t> words(binaries.size() / sizeof(std::uint32_t));
        std::memcpy(words.data(), binaries.data(), binaries.size());
        VkFFTConfiguration loading = configuration;
        loading.loadApplicationFromString = 1;
        loading.loadApplicationString = words.data();
        const bool done = initializeVkFFT(&fft, loading) == VKFFT_SUCCESS;
        if (done && fft.currentApplicationStringPos == words.size()) return true;
        if (done) deleteVkFFT(&fft);
        fft = {};
        return false;
    }

    /// Makes the shaders from their text, and gives their binaries.
    std::vector<std::byte> compile() {
        start_compiler();
        VkFFTConfiguration saving = configuration;
        saving.saveApplicationToString = 1;
        check_fft(initializeVkFFT(&fft, saving), "preparing a transform");
        const auto* bytes = static_cast<const std::byte*>(fft.saveApplicationString);
        return {bytes, bytes + fft.applicationStringSize};
    }
};

Fft::Fft(Device& device, const Buffer& blocks, std::uint32_t size, std::uint32_t block_count,
         FftDirection direction)
    : application_(std::make_unique<Application>(device, blocks, size, block_count, direction)) {}
Fft::~Fft() = default;
Fft::Fft(Fft&&) noexcept = default;

std::uint64_t Fft::workspace_bytes() const { return application_->workspace_bytes; }

void Fft::set_workspace(const Buffer& workspace) { application_->workspace = workspace.handle(); }

void Fft::run(Recording& recording, std::uint64_t first_block, std::uint32_t block_count) const {
    TUTTI_CHECK(block_count > 0 && block_count <= application_->block_count);
    VkCommandBuffer commands = recording.handle();
    VkFFTLaunchParams launch{};
    launch.commandBuffer = &commands;
    launch.buffer = &application_->blocks;
    launch.tempBuffer = &application_->workspace;
    launch.bufferOffset = first_block * application_->block_bytes;
    launch.inputBufferOffset = launch.bufferOffset;
    launch.outputBufferOffset = launch.bufferOffset;
    application_->set_block_count(block_count);
    const int inverse = application_->direction == FftDirection::to_frames ? 1 : -1;
    check_fft(VkFFTAppend(&application_->fft, inverse, &launch), "recording a transform");
    // VkFFT ends with a barrier for reads only; what comes next may also write, if only to the shared
    // workspace.
    recording.shaders_before_shaders();
}

}  // namespace tutti::vulkan
