-- How a calibrated cosine was found, and what its interval knows.

ALTER TABLE calibration ADD COLUMN method TEXT NOT NULL DEFAULT 'measured'
  CHECK (method IN ('measured', 'rule-of-three', 'extrapolated'));
-- Variance of the measured rate in multiples of that of independent comparisons.
ALTER TABLE calibration ADD COLUMN design_effect REAL NOT NULL DEFAULT 1;
-- Identities the comparisons are between; 0 where it was not recorded.
ALTER TABLE calibration ADD COLUMN identities INTEGER NOT NULL DEFAULT 0;
