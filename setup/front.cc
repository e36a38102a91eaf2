// The addon that Node loads. It loads TensorFlow's real addon (ADDON, in the cache folder) and hands Node's call on.
//  - TensorFlow writes a note on oneDNN to the terminal while it is loaded, before it reads TF_CPP_MIN_LOG_LEVEL.
//    That note is left out here, all else is shown.
//  - If the cache folder has been emptied, the error says what to do.
#include <dlfcn.h>
#include <node_api.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <string>

namespace {

bool is_noise(const char* line) {
  return strstr(line, "oneDNN custom operations are on") || strstr(line, "before absl::InitializeLog() is called");
}

// dlopen with standard error kept in a file meanwhile; what is no noise is then written out.
void* load(const char* path) {
  FILE* kept = tmpfile();
  int stderr_copy = kept ? dup(2) : -1;
  if (stderr_copy < 0) return dlopen(path, RTLD_NOW);
  fflush(stderr);
  dup2(fileno(kept), 2);
  void* library = dlopen(path, RTLD_NOW);
  fflush(stderr);
  dup2(stderr_copy, 2);
  close(stderr_copy);
  rewind(kept);
  char line[4096];
  while (fgets(line, sizeof line, kept)) {
    if (!is_noise(line)) fputs(line, stderr);
  }
  fclose(kept);
  return library;
}

}  // namespace

NAPI_MODULE_INIT() {
  void* library = load(ADDON);
  using Register = napi_value (*)(napi_env, napi_value);
  auto real = library ? reinterpret_cast<Register>(dlsym(library, "napi_register_module_v1")) : nullptr;
  if (real) return real(env, exports);
  const char* reason = dlerror();
  std::string message = "TensorFlow's libraries could not be loaded: run `npm run setup` (";
  message += reason ? reason : ADDON;
  message += ")";
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}
