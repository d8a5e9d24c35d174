/// The version of this program and library.
public enum KitVersion {
  /// As semantic versioning has it.
  public static let current = "0.1.0"
}
