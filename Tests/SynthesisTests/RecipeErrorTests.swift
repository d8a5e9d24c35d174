import ConfigFiles
import Foundation
import Synthesis
import Testing
import Workload

/// What a user reads who made one mistake in a recipe.
@Suite struct `Recipe files` {
  @Test func `the sample and the built-in recipes are sound`() throws {
    #expect(RecipeSample.message(RecipeSample.text) == nil)
    for name in Recipes.names {
      let recipe = try Recipe(name)
      #expect(recipe.name == name)
      #expect(!recipe.summary.isEmpty)
    }
  }

  @Test(
    arguments: [
      (
        "shape: 0.5", "shap: 0.5",
        "f.yaml:6:3: unknown key 'shap' in arrivals; did you mean 'shape'?"
      ),
      (
        "process:", "process: gama",
        "f.yaml:5:12: unknown process 'gama'; did you mean 'gamma'?"
      ),
      (
        "process:", "process: poisson", "f.yaml:6:10: 'shape' is not of process 'poisson'"
      ),
      (
        "sessions_per_second", "sessions_per_second: -2",
        "f.yaml:4:24: sessions_per_second is '-2'; expected a number from 1e-06 to 1000000"
      ),
      (
        "output:", "output: [1]",
        "output is a list; expected a mapping with keys"
      ),
      (
        "output:", "output: \"5\"",
        "output is the text '5'; expected a number from 1 to 10000000, or a distribution"
      ),
      (
        "output:", "output: {weibul: {shape: 1, scale: 2}}",
        "unknown key 'weibul' in output; did you mean 'weibull'?"
      ),
      (
        "output:", "output: {clip: [1, 2]}",
        "output names no distribution; expected one of constant"
      ),
      (
        "output:", "output: {exponential: {mean: 2}, constant: 3}",
        "output names the distributions constant, exponential; expected one of them"
      ),
      (
        "output:", "output: {exponential: {mean: 2, sigma: 1}}", "exponential has no 'sigma'"
      ),
      ("output:", "output: {exponential: {mean: -2}}", "mean is '-2'; expected a number from"),
      (
        "output:", "output: {exponential: {mean: 2}, clip: [9, 3]}",
        "clip of output is '3'; expected a number from 9 to"
      ),
      ("output:", "output: 0", "output is '0'; expected a number from 1 to 10000000"),
      (
        "output:",
        "output: {lognormals: [{share: 0.5, mu: 1, sigma: 1}, {share: 0.2, mu: 1, sigma: 1}]}",
        "shares of lognormals add up to 0.7; expected 1"
      ),
      (
        "output:", "output: {quantiles: [{share: 0, value: 5}, {share: 1, value: 4}]}",
        "a point of quantiles lies before the last; sort them"
      ),
      (
        "output:", "output: {quantiles: [{share: 0, value: 5}, {share: 0.9, value: 8}]}",
        "quantiles go from share 0 to share 1; add the missing end"
      ),
      (
        "{name: Bash", "- {name: Bash, share: 0.6, seconds: 1}",
        "shares of tools add up to 0.9; expected 1"
      ),
      ("class:", "", "sessions needs the key 'class'; add it"),
      ("requests:", "requests: 0", "requests is '0'; expected a number from 1"),
      (
        "added_tokens:", "whole_tokens: 5\n      added_tokens: 5",
        "a start has both 'added_tokens' and 'whole_tokens'; expected one of them"
      ),
      ("last_step:", "- last_step: x", "last_step is 'x'; expected a whole number from 1"),
      (
        "compacted_tokens:", "",
        "compaction from 6000 tokens on needs 'compacted_tokens'; add it to context"
      ),
      ("human_seconds:", "", "sessions of several requests need 'human_seconds' in 'gaps'"),
      ("starts_below:", "starts_below: 60000", "sort windows by starts_below"),
      (
        "- kinds:", "- {kinds: [{share: 1, tokens: 5}], variants: 3}",
        "'variants' and 'kinds' exclude each other; keep one"
      ),
    ] as [(String, String, String)]
  )
  func `a mistake is named with its place and what to do`(
    line: String,
    change: String,
    message: String
  ) {
    let key = line.hasPrefix("- ") ? String(line.dropFirst(2)) : line
    let found = RecipeSample.message(RecipeSample.changed(key, to: change)) ?? "none"
    #expect(found.contains(message), "\(found)")
    #expect(found.hasPrefix("f.yaml:"))
  }

  @Test func `a mix names recipes that are not mixes`() throws {
    func message(_ entry: String) -> String? {
      RecipeSample.message(
        """
        name: m
        arrivals: {sessions_per_second: 1}
        mix: [\(entry)]
        """
      )
    }
    #expect(message("{share: 1, recipe: chat, class: talk}") == nil)
    #expect(
      message("{share: 1, recipe: chatt}")?
        .hasPrefix("f.yaml:3:26: unknown recipe 'chatt'; did you mean 'chat'?") == true
    )
    #expect(message("{share: 0.5, recipe: chat}")?.contains("mix add up to 0.5") == true)
    #expect(message("{share: 1, recipe: production-mix}")?.contains("a mix within a mix") == true)
    #expect(message("{share: 1}")?.contains("needs 'recipe'") == true)
  }

  @Test func `files that are missing or none are named`() {
    #expect(throws: RecipeError.unknownRecipe(name: "nothing", known: Recipes.names)) {
      try Recipe("nothing")
    }
    let path = "/nonexistent/recipe.yaml"
    #expect(
      throws: RecipeError.file(
        ConfigFileError(
          .noSuchFile,
          file: path,
          problem: "cannot open: No such file or directory"
        )
      )
    ) {
      try Recipe(path)
    }
  }

  @Test func `damaged recipes are refused or make a trace, and never trap`() throws {
    var random = SplitMix64(seed: 77)
    let text = Array(RecipeSample.text.utf8)
    var sound = 0
    for round in 0..<600 {
      var bytes = text
      let place = Int(random.next() % UInt64(bytes.count))
      switch round % 3 {
      case 0: bytes.removeLast(place)
      case 1: bytes[place] ^= 1 << (random.next() % 8)
      default:
        // Another digit, which mostly leaves a recipe.
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        bytes[digits[place % digits.count]] = 0x30 + UInt8(random.next() % 10)
      }
      guard let recipe = try? Recipe(bytes: bytes, file: "f.yaml") else { continue }
      sound += 1
      // What a damaged recipe makes may be too long for a trace, which is an error too.
      let reader = try SyntheticTrace(recipe, size: .requests(60), seed: 1).makeReader()
      while let group = try? reader.next() { #expect(group.count > 0) }
    }
    #expect(sound > 50)
  }
}
