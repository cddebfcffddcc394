internal import SQLite

extension Catalog {
  /// Images with a picture that lack what this version measures: the decoded pixels' digest and,
  /// where `qualityEncoder` names a network by its digest, that network's score.
  public func unmeasuredImages(qualityEncoder: String?) throws -> Set<Int64> {
    Set(
      try database.rows(
        """
        SELECT id FROM image WHERE digest IS NOT NULL AND replaced_by IS NULL
          AND (pixel_digest IS NULL OR (?1 IS NOT NULL AND quality_encoder IS NOT ?1))
        """, qualityEncoder
      ) { $0.integer(0) })
  }
}
