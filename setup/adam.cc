// The op KomalabAdam: clipping, weight decay, Adam's moments and the update of one parameter in one pass over
// memory (packages/tfjs-graph/optimizer-graph.ts), where ops of TensorFlow's own need five (environment.md has
// what that takes). It is part of the addon (setup/native.mjs) and registered when that is loaded, for the CPU
// alone.
//
// Inputs are what ReadVariableOp gives, which is the variable's own memory, and are written to. So the graph
// lets it run after everything else that reads these variables, and each variable's memory must be its own.
//
// Every element by the arithmetic of TensorFlow's ops, without fused multiply-add: the same bits as theirs.
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

// From tensorflow/c/ops.h and tensorflow/c/kernels.h, which is stable but includes a dozen other headers.
extern "C" {
typedef struct TF_OpDefinitionBuilder TF_OpDefinitionBuilder;
typedef struct TF_ShapeInferenceContext TF_ShapeInferenceContext;
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char* name);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder*, const char* input);
void TF_OpDefinitionBuilderSetIsStateful(TF_OpDefinitionBuilder*, bool);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder*,
                                                     void (*infer)(TF_ShapeInferenceContext*, TF_Status*));
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder*, TF_Status*);
TF_KernelBuilder* TF_NewKernelBuilder(const char* op, const char* device,
                                      void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*remove)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder*, TF_Status*);
void TF_GetInput(TF_OpKernelContext*, int index, TF_Tensor**, TF_Status*);
void TF_OpKernelContext_Failure(TF_OpKernelContext*, TF_Status*);
}

namespace {

constexpr char kName[] = "KomalabAdam";
// In the order of the op's inputs. Decay before Adam is added to the gradient, after it taken from the
// weight.
enum Input {
  kWeight, kFirst, kSecond, kGradient,
  kFactor, kRate, kBeta1Power, kBeta2Power, kBeta1, kBeta2, kEpsilon, kDecayBefore, kDecayAfter,
  kThreads, kInputs
};
const char* const kInputNames[kInputs] = {
  "weight: float", "first: float", "second: float", "gradient: float",
  "factor: float", "rate: float", "beta1_power: float", "beta2_power: float",
  "beta1: float", "beta2: float", "epsilon: float", "decay_before: float",
  "decay_after: float", "threads: int32",
};
constexpr int64_t kElementsPerThread = 1 << 17;  // below, starting a thread costs more than it gains

struct Step {
  float factor, one_minus_beta1, one_minus_beta2, alpha, epsilon, decay_before, decay_after;
};

void update(float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict gradient,
            int64_t n, Step step) {
  for (int64_t i = 0; i < n; i++) {
    const float g = gradient[i] * step.factor + w[i] * step.decay_before;
    const float decayed = w[i] - w[i] * step.decay_after;
    m[i] += (g - m[i]) * step.one_minus_beta1;
    v[i] += (g * g - v[i]) * step.one_minus_beta2;
    w[i] = decayed - (m[i] * step.alpha) / (sqrtf(v[i]) + step.epsilon);
  }
}

void compute(void*, TF_OpKernelContext* context) {
  TF_Status* status = TF_NewStatus();
  TF_Tensor* inputs[kInputs] = {};
  for (int i = 0; i < kInputs && TF_GetCode(status) == TF_OK; i++)
    TF_GetInput(context, i, &inputs[i], status);
  if (TF_GetCode(status) == TF_OK) {
    auto values = [&](Input i) { return static_cast<float*>(TF_TensorData(inputs[i])); };
    auto scalar = [&](Input i) { return *values(i); };
    const int64_t n = TF_TensorElementCount(inputs[kWeight]);
    bool alike = true;
    for (Input i : {kFirst, kSecond, kGradient}) alike = alike && TF_TensorElementCount(inputs[i]) == n;
    if (!alike) {
      TF_SetStatus(status, TF_INVALID_ARGUMENT, "a parameter, its moments and its gradient differ in size");
    } else {
      const Step step = {
        scalar(kFactor), 1 - scalar(kBeta1), 1 - scalar(kBeta2),
        scalar(kRate) * sqrtf(1 - scalar(kBeta2Power)) / (1 - scalar(kBeta1Power)),
        scalar(kEpsilon), scalar(kDecayBefore), scalar(kDecayAfter),
      };
      const int64_t most = *static_cast<int32_t*>(TF_TensorData(inputs[kThreads]));
      const int64_t parts = std::max<int64_t>(1, std::min(most, n / kElementsPerThread));
      auto part = [&](int64_t p) {
        const int64_t from = n * p / parts, to = n * (p + 1) / parts;
        update(values(kWeight) + from, values(kFirst) + from, values(kSecond) + from,
               values(kGradient) + from, to - from, step);
      };
      std::vector<std::thread> others;
      for (int64_t p = 1; p < parts; p++) others.emplace_back(part, p);
      part(0);
      for (std::thread& other : others) other.join();
    }
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  for (TF_Tensor* input : inputs)
    if (input) TF_DeleteTensor(input);
  TF_DeleteStatus(status);
}

void infer_no_outputs(TF_ShapeInferenceContext*, TF_Status*) {}

bool register_op() {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(kName);
  for (const char* input : kInputNames) TF_OpDefinitionBuilderAddInput(op, input);
  TF_OpDefinitionBuilderSetIsStateful(op, true);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer_no_outputs);
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK)
    TF_RegisterKernelBuilder(kName, TF_NewKernelBuilder(kName, "CPU", nullptr, compute, nullptr), status);
  const bool registered = TF_GetCode(status) == TF_OK;
  if (!registered) fprintf(stderr, "%s: %s\n", kName, TF_Message(status));
  TF_DeleteStatus(status);
  return registered;
}

const bool registered = register_op();

}  // namespace
