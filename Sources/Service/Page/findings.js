// Findings of two audits of one suite, told apart by rule, subject and message.

const keyOf = (finding) => JSON.stringify([finding.rule, finding.subject, finding.message]);

/** What is in `now` but not in `before`, and the other way round. Equal findings are counted. */
export function compareFindings(now, before) {
  return { isNew: without(now, before), gone: without(before, now) };
}

function without(list, other) {
  const counts = new Map();
  for (const finding of other) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return list.filter((finding) => {
    const left = counts.get(keyOf(finding)) ?? 0;
    if (left) counts.set(keyOf(finding), left - 1);
    return !left;
  });
}
