/** References out of .bib files as students have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBibliography } from "../bibliography";

const words = (text: string) => readBibliography(text, "r.bib").map((one) => one.words);

test("an entry is read with its braces, accents and names", () =>
  assert.deepEqual(
    words(
      '@InProceedings{devlin, author = {Devlin, Jacob and Chang, Ming-Wei}, title = "{BERT}: Pre-training", booktitle = {NAACL}, pages={1--2}, year = {2019}}\n@comment{x}\n@book{ja, author={上野, 未貴 and G{\\"o}del, Kurt}, title={四コマ}}',
    ),
    [
      "Jacob Devlin, Ming-Wei Chang. BERT: Pre-training. NAACL. pp. 1–2. 2019.",
      "上野 未貴, Kurt Gödel. 四コマ.",
    ],
  ));

test("what BibTeX reads is read", () => {
  for (const [text, read] of [
    ["@article(a, title={A}, year=2001)", "A. 2001."],
    [
      "@string{acl = {Annual Meeting}}\n@article{a, title={A}, journal=acl # { 2019}, month=sept}",
      "A. Annual Meeting 2019.",
    ],
    ['@misc{a, title="The {"}Best{"} of", year=2000}', 'The "Best" of. 2000.'],
    ["Mail: foo@bar{x}\n% @article{old, title={X\n@article{a, title={A},}", "A."],
    ["@article{a, title={A} year=2000}", "A. 2000."],
    ["@article{a, title={A \\} B}}", "A } B."],
    ["@misc{a}", "a."],
  ] as const)
    assert.deepEqual(words(text), [read], text);
});

test("names have their parts: juniors, institutions, others", () =>
  assert.deepEqual(
    words(
      "@article{a, author={King, Jr., Martin Luther and von Neumann, John and {Barnes and Noble} and others}, title={Why?}}",
    ),
    ["Martin Luther King, Jr., John von Neumann, Barnes and Noble et al. Why?"],
  ));

test("TeX's letters and shapes become letters, what is not known stays", () =>
  assert.deepEqual(
    words(
      "@misc{a, author={{\\O}re, {\\'E}tienne and Stra{\\ss}e and \\c{C}elik and Erd{\\H o}s and Mart{\\'\\i}n}, title={\\emph{A} -- {\\it B} \\& \\LaTeX{} \\foo}}",
    ),
    ["Étienne Øre, Straße, Çelik, Erdős, Martín. A – B & LaTeX \\foo."],
  ));

test("an address stands as it is written: doi before arXiv before url", () =>
  assert.deepEqual(
    words(
      "@misc{a, title={A}, doi={https://doi.org/10.1/a\\_b}, url={http://x}}\n@misc{b, title={B}, eprint={1810.04805}, archivePrefix={arXiv}}\n@online{c, title={C}, date={2020-03-01}, howpublished={\\url{https://x.y/~a_b%20c}}}",
    ),
    ["A. doi:10.1/a_b", "B. arXiv:1810.04805", "C. https://x.y/~a_b%20c. 2020."],
  ));

test("what cannot be read is an error with its line", () => {
  for (const [text, told] of [
    ["\n@article{a, title={A}", /r\.bib:2: @article\{a has no closing brace/],
    ["@article{a, title={A}\n\n@article{b, title={B}}", /r\.bib:1: @article\{a has no closing brace/],
    ["@article{, title={A}}", /r\.bib:1: @article has no key/],
    ["@article{a, title={A}}\n@article{a, title={B}}", /r\.bib:2: @article\{a: this key stands twice/],
    ["@article{a, journal=acl}", /r\.bib:1: journal = acl: no @string says what acl is/],
    ["@article{a, title={A}, year=}", /r\.bib:1: year has no value/],
    ["@article{a, title={A}, {2001}}", /r\.bib:1: @article\{a: here a field is to begin/],
  ] as const)
    assert.throws(() => words(text), told, text);
});
