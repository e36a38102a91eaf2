"""papermill's parameters in TypeScript. papermill looks for engines by entry point, not for translators: this one,
which install.cjs puts into .venv, is papermill's own under another name, and registers the translator when it is found."""
import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    """Assignments to what the cell tagged `parameters` declares with `let`, so that their types are checked."""

    @classmethod
    def translate(cls, value):
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{json.dumps(str(key))}: {cls.translate(each)}" for key, each in value.items()) + " }"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(map(cls.translate, value)) + "]"
        return json.dumps(value, ensure_ascii=False, default=str)  # a date of -f FILE.yaml as its text

    @classmethod
    def comment(cls, text):
        return f"// {text}".strip()

    @classmethod
    def assign(cls, name, text):
        return f"{name} = {text};"

    @classmethod
    def inspect(cls, cell):
        """Names, types, values and comments of a cell of parameters, for `papermill --help-notebook`."""
        found = re.findall(r"^let (\w+)(?:: ([^=\n]+?))? *=(?: (.*?);)? *(?://(.*))?$", cell["source"], re.MULTILINE)
        return [Parameter(name, kind or "None", value, comment.strip()) for name, kind, value, comment in found]


class Engine(NBClientEngine):
    """papermill's own."""


papermill_translators.register("typescript", TypeScriptTranslator)
