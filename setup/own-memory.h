// Included before every source of tfjs-node-gpu's addon: tensors made from JavaScript arrays get memory of their own.
// Where an array happens to begin at a multiple of 64 bytes, the addon would share it with TensorFlow and let go of it
// when TensorFlow does, which may be on a thread of TensorFlow's; Node's references may be touched on Node's own thread
// alone (https://nodejs.org/api/n-api.html), and a process died of it.
#pragma once
#include <string.h>

#include "tensorflow/c/tf_tensor.h"

inline TF_Tensor* NewTensorWithOwnMemory(TF_DataType dtype, const int64_t* shape, int rank, void* data, size_t bytes,
                                         void (*let_go)(void* data, size_t bytes, void* argument), void* argument) {
  TF_Tensor* tensor = TF_AllocateTensor(dtype, shape, rank, bytes);
  memcpy(TF_TensorData(tensor), data, bytes);
  let_go(data, bytes, argument);
  return tensor;
}
#define TF_NewTensor NewTensorWithOwnMemory
