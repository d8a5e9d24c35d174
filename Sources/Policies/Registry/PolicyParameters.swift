/// The values of a policy's parameters: those of its spec, and the defaults of the others.
public struct PolicyParameters: Sendable {
  private let declared: [PolicyParameter]
  private let values: [PolicyParameter.Value]

  init(_ spec: PolicySpec, declared: [PolicyParameter]) throws(PolicyError) {
    self.declared = declared
    var values = declared.map(\.defaultValue)
    for argument in spec.arguments {
      guard let index = declared.firstIndex(where: { $0.name == argument.name }) else {
        throw .unknownParameter(argument.name, policy: spec.name, known: declared.map(\.name))
      }
      guard let value = declared[index].value(of: argument.value) else {
        throw .badValue(argument.value, of: declared[index], policy: spec.name)
      }
      values[index] = value
    }
    self.values = values
  }

  /// A spec that gives a policy these values, and names no default.
  func spec(named name: String) -> PolicySpec {
    let arguments = zip(declared, values).filter { $0.defaultValue != $1 }
    return PolicySpec(
      name,
      arguments.map { PolicySpec.Argument(name: $0.name, value: $0.text(of: $1)) }
    )
  }

  /// - Precondition: The policy's entry declares a number of this name.
  public subscript(name: String) -> Double {
    guard case .number(let value) = values[index(of: name)] else {
      preconditionFailure("parameter \(name) is not declared as a number")
    }
    return value
  }

  /// The value of a parameter that counts something.
  ///
  /// - Precondition: The policy's entry declares a whole number of this name.
  public func integer(_ name: String) -> Int {
    guard case .number(_, _, isWhole: true) = declared[index(of: name)].kind else {
      preconditionFailure("parameter \(name) is not declared as whole")
    }
    return Int(self[name])
  }

  /// The case that was chosen by its name.
  ///
  /// - Precondition: The policy's entry declares a parameter of this name over the cases of this
  ///   type.
  public func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String,
    of type: Choice.Type = Choice.self
  ) -> Choice {
    guard let choice = Choice(rawValue: chosenName(name)) else {
      preconditionFailure("parameter \(name) is not declared over the cases of \(Choice.self)")
    }
    return choice
  }

  /// The value of a parameter that is `true` or `false`.
  ///
  /// - Precondition: The policy's entry declares it as such.
  public func flag(_ name: String) -> Bool {
    guard let flag = Bool(chosenName(name)) else {
      preconditionFailure("parameter \(name) is not declared as true or false")
    }
    return flag
  }

  private func chosenName(_ name: String) -> String {
    let index = index(of: name)
    guard case .choice(let names) = declared[index].kind, case .choice(let chosen) = values[index]
    else { preconditionFailure("parameter \(name) is not declared as a choice") }
    return names[chosen]
  }

  private func index(of name: String) -> Int {
    guard let index = declared.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the policy's entry declares no parameter named \(name)")
    }
    return index
  }
}
