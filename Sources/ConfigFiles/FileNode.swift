/// A value of a file and where it starts.
public struct FileNode: Sendable {
  /// The kinds of values that YAML and JSON have in common.
  public enum Content: Sendable {
    /// Quoted text is never a number.
    case scalar(String, isQuoted: Bool)
    /// Items in their order, perhaps none.
    case list([FileNode])
    /// Keys in their order, perhaps none.
    case mapping([Entry])
  }

  /// A key with its value; keys of one mapping differ.
  public struct Entry: Sendable {
    /// The key's text, without quotes.
    public var key: String
    /// Where the key stands.
    public var place: FilePlace
    /// What stands behind it.
    public var value: FileNode
  }

  /// The value itself.
  public var content: Content
  /// Where the value stands, or would stand if it is empty.
  public var place: FilePlace

  /// What errors say was found.
  public var found: String {
    switch content {
    case .scalar("", isQuoted: false): "empty"
    case .scalar(let text, isQuoted: false): Self.quoted(text)
    case .scalar(let text, isQuoted: true): "the text \(Self.quoted(text))"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Text as an error shows it: in quotes, on one line, at most 40 characters.
  public static func quoted(_ text: String) -> String {
    var shown = "'"
    for scalar in text.unicodeScalars.prefix(40) {
      if scalar.properties.generalCategory == .control {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown + (text.unicodeScalars.count > 40 ? "…'" : "'")
  }
}
