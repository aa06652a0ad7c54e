"""Whether the owner's colours can be read, by WCAG 2.2, on light and on dark pages.

https://www.w3.org/TR/WCAG22/#contrast-minimum, https://www.w3.org/TR/WCAG22/#non-text-contrast
"""

from generator.colours import contrast, readable
from generator.config import Settings, ThemeSettings
from generator.errors import Problem
from generator.own_files import read_own_text
from generator.project import Project
from generator.toml_files import line_of

# Text needs 4.5; lines and marks, such as those of links and of the keyboard's focus, need 3.
_TEXT, _MARK = 4.5, 3.0
_SHOWN = (("ink", _TEXT), ("soft", _TEXT), ("accent", _MARK))
_GROUNDS = ("paper", "surface", "faint")


def low_contrast(project: Project, settings: Settings) -> list[Problem]:
    """A warning for each colour of the owner's choice that is hard to see on its ground."""
    theme = settings.theme
    chosen = theme.model_fields_set
    text = read_own_text(project.settings)
    problems = []
    for ending, pages in (("", "light"), ("_dark", "dark")):
        for name, least in _SHOWN:
            key = f"{name}{ending}"
            grounds = [f"{ground}{ending}" for ground in _GROUNDS]
            ratios = {ground: contrast(_of(theme, key), _of(theme, ground)) for ground in grounds}
            worst = min(ratios, key=ratios.__getitem__)
            if ratios[worst] >= least or not chosen & {key, worst}:
                continue
            better = readable(_of(theme, key), [_of(theme, one) for one in grounds], least)
            hint = f' {key} = "{better}" would have enough.' if better else ""
            line = line_of(text, ("theme", key if key in chosen else worst))
            reason = (
                f"line {line}: theme.{key} on theme.{worst}: the contrast on {pages} pages is"
                f" {ratios[worst]:.1f}; expected at least {least:g} (WCAG 2.2).{hint}"
            )
            problems.append(Problem(project.settings.name, reason, skipped=False))
    return problems


def _of(theme: ThemeSettings, key: str) -> str:
    value: str = getattr(theme, key)
    return value
