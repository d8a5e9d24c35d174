import Workload

/// Which content a file has.
public enum FileDigest {
  /// The digest of a file's bytes, decompressed where it is zstd or gzip.
  ///
  /// - Throws: `MeasuredDataError` where it cannot be read.
  public static func digest(path: String) throws(MeasuredDataError) -> UInt128 {
    var digest = Digest128()
    do throws(TraceError) {
      let bytes = try PlainBytes(path: path)
      while try bytes.next({ block in for byte in block { digest.add(UInt64(byte)) } }) {}
    } catch {
      throw MeasuredDataError(error)
    }
    return digest.value
  }
}
