#include "engine/vulkan/fft.hpp"

#include <vulkan/vulkan.h>
// vkFFT.h leaves these to its user.
#include <glslang/Include/glslang_c_interface.h>
#include <glslang/Public/resource_limits_c.h>

#include <string>

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

}  // namespace

#define glslang_resource_t OldGlslangResource
#define VKFFT_BACKEND 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <vkFFT.h>
#pragma GCC diagnostic pop
#undef glslang_resource_t

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
    FftDirection direction;
    VkFFTApplication fft{};

    Application(Device& owner, const Buffer& buffer, std::uint32_t size, std::uint32_t block_count,
                FftDirection way)
        : physical(owner.physical()),
          device(owner.handle()),
          queue(owner.queue()),
          command_pool(owner.command_pool()),
          fence(make_fence(device)),
          fence_handle(fence.get()),
          blocks(buffer.handle()),
          workspace(buffer.handle()),
          blocks_bytes(buffer.bytes()),
          workspace_bytes((size + std::uint64_t{2}) * sizeof(float) * block_count),
          block_bytes((size + std::uint64_t{2}) * sizeof(float)),
          direction(way) {
        start_compiler();
        VkFFTConfiguration configuration{};
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
        configuration.isCompilerInitialized = 1;
        configuration.physicalDevice = &physical;
        configuration.device = &device;
        configuration.queue = &queue;
        configuration.commandPool = &command_pool;
        configuration.fence = &fence_handle;
        configuration.bufferSize = &blocks_bytes;
        configuration.userTempBuffer = 1;
        configuration.tempBufferSize = &workspace_bytes;
        check_fft(initializeVkFFT(&fft, configuration), "preparing a transform");
        const VkFFTPlan* plan = way == FftDirection::to_spectra ? fft.localFFTPlan : fft.localFFTPlan_inverse;
        if (plan->numAxisUploads[0] == 1) workspace_bytes = 0;
    }
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;
    ~Application() { deleteVkFFT(&fft); }
};

Fft::Fft(Device& device, const Buffer& blocks, std::uint32_t size, std::uint32_t block_count,
         FftDirection direction)
    : application_(std::make_unique<Application>(device, blocks, size, block_count, direction)) {}
Fft::~Fft() = default;
Fft::Fft(Fft&&) noexcept = default;

std::uint64_t Fft::workspace_bytes() const { return application_->workspace_bytes; }

void Fft::set_workspace(const Buffer& workspace) { application_->workspace = workspace.handle(); }

void Fft::run(Recording& recording, std::uint64_t first_block) {
    VkCommandBuffer commands = recording.handle();
    VkFFTLaunchParams launch{};
    launch.commandBuffer = &commands;
    launch.buffer = &application_->blocks;
    launch.tempBuffer = &application_->workspace;
    launch.bufferOffset = first_block * application_->block_bytes;
    launch.inputBufferOffset = launch.bufferOffset;
    launch.outputBufferOffset = launch.bufferOffset;
    const int inverse = application_->direction == FftDirection::to_frames ? 1 : -1;
    check_fft(VkFFTAppend(&application_->fft, inverse, &launch), "recording a transform");
    // VkFFT ends with a barrier for reads only; what comes next may also write, if only to the shared
    // workspace.
    recording.shaders_before_shaders();
}

}  // namespace tutti::vulkan
