import ConfigFiles

extension Recipe {
  /// Reads the recipe that a user means.
  ///
  /// - Parameter nameOrPath: The name of a built-in recipe, or the path of a recipe file, which
  ///   contains a slash or ends in `.yaml` or `.yml`.
  /// - Throws: `RecipeError.unknownRecipe`, or `RecipeError.file` with line and column of what is not
  ///   understood.
  public init(_ nameOrPath: String) throws(RecipeError) {
    self = try Recipe(nameOrPath, isPart: false)
  }

  /// Takes the text of a recipe file.
  ///
  /// - Throws: `RecipeError.file` with what is not understood, and the name `file`.
  public init(bytes: [UInt8], file: String) throws(RecipeError) {
    self = try Recipe(bytes: bytes, file: file, isPart: false)
  }

  /// Recipes that are parts of another have no parts of their own.
  private init(_ nameOrPath: String, isPart: Bool) throws(RecipeError) {
    if Self.isPath(nameOrPath) {
      let bytes: [UInt8]
      do {
        bytes = try BoundedFile.read(nameOrPath, as: "recipe")
      } catch {
        throw .file(error)
      }
      self = try Recipe(bytes: bytes, file: nameOrPath, isPart: isPart)
    } else {
      guard let bytes = Recipes.text(of: nameOrPath) else {
        throw .unknownRecipe(name: nameOrPath, known: Recipes.names)
      }
      self = try Recipe(bytes: bytes, file: "\(nameOrPath).yaml", isPart: isPart)
    }
  }

  private static func isPath(_ nameOrPath: String) -> Bool {
    nameOrPath.utf8.contains(UInt8(ascii: "/")) || nameOrPath.hasSuffix(".yaml")
      || nameOrPath.hasSuffix(".yml")
  }

  private init(bytes: [UInt8], file: String, isPart: Bool) throws(RecipeError) {
    do {
      let node = try FileNode(bytes: bytes, describing: "recipe")
      let section = try FileSection<RecipeKey>(node, "a recipe")
      name = try section.required(.name, section.word(.name))
      summary = try section.line(.summary) ?? ""
      arrivals = try ArrivalPlan(try section.required(.arrivals, section[.arrivals]))
      parts = []
      switch (section[.sessions], section[.mix]) {
      case (let sessions?, nil): parts = [Part(share: 1, sessions: try SessionPlan(sessions))]
      case (nil, let mix?):
        if isPart { throw FileFault(at: mix.place, "a mix within a mix; name its recipes instead") }
        parts = try Self.mix(section)
      default:
        throw FileFault(
          at: section.place,
          section[.mix] == nil
            ? "a recipe needs the key 'sessions', or 'mix'; add one"
            : "'sessions' and 'mix' exclude each other; keep one"
        )
      }
    } catch let fault as FileFault {
      throw .file(fault.error(in: file))
    } catch let error as RecipeError {
      throw error
    } catch {
      throw .file(FileFault(at: nil, "\(error)").error(in: file))
    }
  }

  private static func mix(_ section: FileSection<RecipeKey>) throws -> [Part] {
    var parts: [Part] = []
    for item in try section.required(.mix, section.list(.mix, atMost: 64)) {
      let entry = try FileSection<MixKey>(item, "an entry of mix")
      guard let node = entry[.recipe], case .scalar(let recipe, _) = node.content else {
        throw FileFault(at: item.place, "an entry of mix needs 'recipe', a recipe's name or file")
      }
      var sessions = try Self.sessions(of: recipe, at: node.place)
      if let name = try entry.word(.className) { sessions.className = name }
      parts.append(
        Part(share: try entry.neededNumber(.share, in: RecipeRange.share), sessions: sessions)
      )
    }
    if let place = section[.mix]?.place {
      try Shares.check(parts.map(\.share), of: "mix", at: place)
      let sizes = Set(parts.map(\.sessions.blockTokens).filter { $0 > 0 }).sorted()
      if sizes.count > 1 {
        throw FileFault(
          at: place,
          "recipes have blocks of \(sizes.map(String.init).joined(separator: " and ")) tokens; a "
            + "trace has blocks of one size"
        )
      }
    }
    return parts
  }

  /// The sessions of a recipe that is a part of another.
  private static func sessions(of recipe: String, at place: FilePlace) throws -> SessionPlan {
    let read = Result { try Recipe(recipe, isPart: true) }
    if case .failure(let error as RecipeError) = read, case .unknownRecipe = error {
      throw FileFault(at: place, error.description)
    }
    guard let part = try read.get().parts.first else {
      throw FileFault(at: place, "the recipe has no sessions")
    }
    return part.sessions
  }
}
