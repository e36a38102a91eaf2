"""What a Word document or slides look like: pandoc's own reference file, for Japanese on A4 and in small print.

usage: reference.py FROM TO, of the same kind, .docx or .pptx. Each change must find its place, so that a
newer pandoc does not lose one in silence.
"""

import re
import sys
import zipfile

JAPANESE = "游ゴシック"  # of Word on Windows and macOS; others take the nearest they have
FONTS = [
    (r'<a:ea typeface="[^"]*"', f'<a:ea typeface="{JAPANESE}"'),
    (r'script="Jpan" typeface="[^"]*"', f'script="Jpan" typeface="{JAPANESE}"'),
]


def half_points(style, size):
    """The size of a paragraph style's letters."""
    place = rf'(w:styleId="{style}">(?:(?!</w:style>).)*?<w:sz w:val=")\d+("[^>]*>\s*<w:szCs w:val=")\d+'
    return place, rf"\g<1>{size}\g<2>{size}"


DOCX = {
    "word/theme/theme1.xml": [*FONTS, (r'<a:latin typeface="[^"]*"', '<a:latin typeface="Calibri"')],
    "word/styles.xml": [
        (r'(<w:rPrDefault>.*?<w:sz w:val=")\d+("[^>]*>\s*<w:szCs w:val=")\d+', r"\g<1>21\g<2>21"),
        half_points("Heading1", 32),
        half_points("Heading2", 26),
        half_points("Heading3", 23),
        # each part begins on a page of its own
        (r'(w:styleId="Heading1">(?:(?!</w:style>).)*?<w:keepLines\s*/>)', r"\1<w:pageBreakBefore/>"),
        # tables in small print with fine lines
        (
            r'(w:styleId="Table">(?:(?!</w:style>).)*?<w:qFormat\s*/>)(\s*<w:tblPr>\s*<w:tblInd[^>]*/>)',
            r'\1<w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr>\2<w:tblBorders>'
            + "".join(f'<w:{edge} w:val="single" w:sz="4" w:color="BFBFBF"/>' for edge in ("top", "bottom", "insideH"))
            + "</w:tblBorders>",
        ),
    ],
    "word/document.xml": [
        (
            r"</w:footnotePr>\s*</w:sectPr>",
            '</w:footnotePr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
            'w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>',
        )
    ],
}


def place(index, x, y, width, height):
    """Where a part of a slide lies, in English Metric Units: 914,400 an inch, 10 × 5.625 inches a slide."""
    found = rf'(<p:ph [^>]*idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>)<a:off [^>]*><a:ext [^>]*>'
    return found, rf'\g<1><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/>'


TITLE = (
    '(<p:ph type="title"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>)<a:off [^>]*><a:ext [^>]*>',
    r'\g<1><a:off x="457200" y="150000"/><a:ext cx="8229600" cy="700000"/>',
)
PPTX = {
    "ppt/theme/theme1.xml": FONTS,
    "ppt/slideMasters/slideMaster1.xml": [
        (r'<p:titleStyle><a:lvl1pPr algn="ctr"(.*?)sz="\d+"', r'<p:titleStyle><a:lvl1pPr algn="l"\1sz="2000" b="1"'),
        (r'(<p:bodyStyle><a:lvl1pPr .*?)sz="\d+"', r'\1sz="1400"'),
        TITLE,
        place(1, 457200, 950000, 8229600, 3850000),
    ],
    "ppt/slideLayouts/slideLayout4.xml": [
        (r'<a:lvl1pPr><a:defRPr sz="\d+"', '<a:lvl1pPr><a:defRPr sz="1300"'),
        place(1, 457200, 950000, 3500000, 3900000),
        place(2, 4100000, 950000, 4700000, 3900000),
    ],
}


def main(source, target):
    changes = DOCX if target.endswith(".docx") else PPTX
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for found, change in changes.get(name, []):
                text, count = re.subn(found, change, content.decode(), flags=re.S)
                if count == 0:
                    raise SystemExit(f"{name} of pandoc's reference file has no {found}")
                content = text.encode()
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


main(*sys.argv[1:])
