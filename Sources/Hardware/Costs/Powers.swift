/// Powers from multiplications and square roots only.
///
/// Those are correctly rounded on every machine, which a library's pow is not.
enum Powers {
  /// Returns `base` to a whole, non-negative exponent.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    precondition(exponent >= 0)
    var (result, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }

  /// Returns `base` to an exponent from 0 up to, but not including, 1.
  ///
  /// The exponent's binary digits choose among base^½, base^¼, base^⅛, …; the 60th root of a
  /// finite positive number is 1 to double precision.
  ///
  /// The base is greater than 0.
  static func root(_ base: Double, exponent: Double) -> Double {
    precondition(base > 0 && exponent >= 0 && exponent < 1)
    var (result, root, left) = (1.0, base, exponent)
    for _ in 0..<60 where left > 0 {
      root = root.squareRoot()
      left *= 2
      if left >= 1 {
        result *= root
        left -= 1
      }
    }
    return result
  }
}
