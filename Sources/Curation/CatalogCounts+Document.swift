public import Cataloging
public import Diagnostics
import Domain

// How the catalog's counts look as JSON.

extension CatalogCounts.Images {
  public var document: JSONValue {
    [
      "population": .string(population.rawValue), "images": .int(images),
      "identities": .int(identities), "quarantined": .int(quarantined),
    ]
  }
}

extension CatalogCounts.Embeddings {
  public var document: JSONValue {
    [
      "space": .string(space.name), "width": .int(space.width), "vectors": .int(embeddings),
      "shards": .int(shards),
    ]
  }
}

extension CatalogCounts.Outcomes {
  public var document: JSONValue {
    [
      "population": .string(population.rawValue), "outcome": .string(outcome.rawValue),
      "reason": .string(reason), "files": .int(files),
    ]
  }
}
