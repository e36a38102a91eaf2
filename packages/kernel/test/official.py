"""Jupyter's own tests of kernels, with every sample it asks for but a pager, which this kernel has not."""
import unittest
import jupyter_kernel_test

DISPLAY = "(globalThis as any)[Symbol.for('komalab.display')]"


class KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [{"text": "process.argv0", "matches": {"argv0"}}, {"text": "consol", "matches": {"console"}}]
    complete_code_samples = ["1", "console.log('hello')", "function f(): void {}\n", "const f = () => {\n  return 1;\n}"]
    incomplete_code_samples = ["function f() {", "const text = `one", "[1,\n", "/* a comment", "if (true) {\n  1"]
    invalid_code_samples = ["const = ;", "import from 'x'", "}"]
    code_generate_error = "throw new RangeError('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "({ a: [1, 2] })", "result": "{ a: [ 1, 2 ] }"},
        {"code": "null", "result": "null"},
    ]
    code_display_data = [
        {"code": f"{DISPLAY}({{ data: {{ 'text/html': '<b>b</b>', 'text/plain': 'b' }} }})", "mime": "text/html"},
        {"code": f"{DISPLAY}({{ data: {{ 'image/png': 'iVBORw0KGgo=' }} }})", "mime": "image/png"},
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "process.argv0"
    code_clear_output = f"{DISPLAY}.clear()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
