// What ops of our own (adam.cc, lstm.cc) need of TensorFlow, and how they join it. They are part of the addon
// (setup/native.mjs) and registered when that is loaded, for the CPU alone.
#pragma once
#include <stdint.h>
#include <stdio.h>

#include <initializer_list>
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
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder*, const char* output);
void TF_OpDefinitionBuilderSetIsStateful(TF_OpDefinitionBuilder*, bool);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder*,
                                                     void (*infer)(TF_ShapeInferenceContext*, TF_Status*));
void TF_ShapeInferenceContextSetUnknownShape(TF_ShapeInferenceContext*, TF_Status*);
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder*, TF_Status*);
TF_KernelBuilder* TF_NewKernelBuilder(const char* op, const char* device,
                                      void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*remove)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder*, TF_Status*);
void TF_GetInput(TF_OpKernelContext*, int index, TF_Tensor**, TF_Status*);
TF_Tensor* TF_AllocateOutput(TF_OpKernelContext*, int index, TF_DataType, const int64_t* dims, int num_dims,
                             size_t bytes, TF_Status*);
void TF_OpKernelContext_Failure(TF_OpKernelContext*, TF_Status*);
}

namespace own_op {

// The inputs of one call; given back when it ends.
template <int count>
struct Inputs {
  TF_Tensor* tensors[count] = {};

  Inputs(TF_OpKernelContext* context, TF_Status* status) {
    for (int i = 0; i < count && TF_GetCode(status) == TF_OK; i++) TF_GetInput(context, i, &tensors[i], status);
  }
  ~Inputs() {
    for (TF_Tensor* tensor : tensors)
      if (tensor) TF_DeleteTensor(tensor);
  }
  float* floats(int i) const { return static_cast<float*>(TF_TensorData(tensors[i])); }
  int32_t integer(int i) const { return *static_cast<int32_t*>(TF_TensorData(tensors[i])); }
  int64_t size(int i) const { return TF_TensorElementCount(tensors[i]); }
};

// Runs part(0) … part(parts - 1) at the same time.
template <typename Part>
void side_by_side(int64_t parts, Part part) {
  std::vector<std::thread> others;
  for (int64_t p = 1; p < parts; p++) others.emplace_back(part, p);
  part(0);
  for (std::thread& other : others) other.join();
}

template <void (*work)(TF_OpKernelContext*, TF_Status*)>
void compute(void*, TF_OpKernelContext* context) {
  TF_Status* status = TF_NewStatus();
  work(context, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
}

inline void infer_nothing(TF_ShapeInferenceContext*, TF_Status*) {}

// Adds an op: inputs and outputs as "name: type". `infer` says the shapes of its outputs.
template <void (*work)(TF_OpKernelContext*, TF_Status*)>
bool add(const char* name, std::initializer_list<const char*> inputs, std::initializer_list<const char*> outputs,
         void (*infer)(TF_ShapeInferenceContext*, TF_Status*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  TF_OpDefinitionBuilderSetIsStateful(op, outputs.size() == 0);  // then it is there for what it changes
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer);
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK)
    TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", nullptr, compute<work>, nullptr), status);
  const bool added = TF_GetCode(status) == TF_OK;
  if (!added) fprintf(stderr, "%s: %s\n", name, TF_Message(status));
  TF_DeleteStatus(status);
  return added;
}

}  // namespace own_op
