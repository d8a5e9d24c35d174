/// The candidate that takes the fewest edits to become `name`, the first of several.
///
/// - Returns: nil where more than half of the longer word would have to change: then it is
///   not a misspelling.
func nearest(to name: String, in candidates: [String]) -> String? {
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(name, candidate)
    if distance * 2 > max(name.utf8.count, candidate.utf8.count) { continue }
    if let known = best, known.distance <= distance { continue }
    best = (candidate, distance)
  }
  return best?.candidate
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment), counted in bytes.
func editDistance(_ first: String, _ second: String) -> Int {
  let (first, second) = (Array(first.utf8), Array(second.utf8))
  // Rows of the table for the words' beginnings of i − 2, i − 1 and i bytes.
  var twoUp: [Int] = []
  var up = Array(0...second.count)
  for i in first.indices {
    var row = [i + 1]
    for j in second.indices {
      let replaced = up[j] + (first[i] == second[j] ? 0 : 1)
      var least = min(replaced, row[j] + 1, up[j + 1] + 1)
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        least = min(least, twoUp[j - 1] + 1)
      }
      row.append(least)
    }
    (twoUp, up) = (up, row)
  }
  return up[second.count]
}
