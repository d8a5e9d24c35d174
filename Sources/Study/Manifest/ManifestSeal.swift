import Workload

/// A digest per field of a manifest, so that a field that was edited can be named.
///
/// It finds mistakes, not forgery: whoever edits a field can also make its digest.
enum ManifestSeal {
  static let key = "integrity"

  /// The object with the digests of all its fields added.
  static func sealed(_ content: JSONValue) -> JSONValue {
    guard case .object(let pairs) = content else { return content }
    let digests = fields(of: content).map { path, value in
      (path, JSONValue.hex(digest(of: value, at: path)))
    }
    return .object(pairs + [(key, .object(digests))])
  }

  /// The paths of fields that are not as they were when the object was sealed: changed, added or
  /// removed. Nil where there is no seal.
  static func changes(in sealed: JSONValue) -> [String]? {
    guard case .object(let pairs) = sealed, case .object(let digests)? = sealed[key] else {
      return nil
    }
    let found = fields(of: .object(pairs.filter { $0.0 != key })).map { path, value in
      (path, digest(of: value, at: path).hex)
    }
    return differences(of: found, from: digests.map { ($0, $1.text ?? "") })
  }

  /// The paths of fields that two objects do not have alike.
  static func differences(of one: JSONValue, from other: JSONValue) -> [String] {
    differences(
      of: fields(of: one).map { ($0, $1.line) },
      from: fields(of: other).map { ($0, $1.line) }
    )
  }

  /// In the order of the first, then what only the second has.
  private static func differences(
    of one: [(path: String, text: String)],
    from other: [(path: String, text: String)]
  ) -> [String] {
    let texts = Dictionary(other.map { ($0.path, $0.text) }) { first, _ in first }
    let paths = Set(one.map(\.path))
    return one.filter { texts[$0.path] != $0.text }.map(\.path)
      + other.map(\.path).filter { !paths.contains($0) }
  }

  /// All values that are not objects, with the keys that lead to them.
  private static func fields(
    of value: JSONValue,
    at path: String = ""
  ) -> [(path: String, value: JSONValue)] {
    guard case .object(let pairs) = value else { return [(path, value)] }
    return pairs.flatMap { key, value in
      fields(of: value, at: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  private static func digest(of value: JSONValue, at path: String) -> UInt128 {
    var digest = Digest128()
    for text in [path, value.line] {
      digest.add(text.utf8.count)
      for byte in text.utf8 { digest.add(byte) }
    }
    return digest.value
  }
}
