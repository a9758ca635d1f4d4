const SHOWN_PROBLEMS = 20;

/** Prints checks as they are made, and their number at the end. */
export const createChecks = () => {
  let passed = 0;
  let failed = 0;
  return {
    /** @param problems a text or a list of texts; none: passed */
    check: (rule, problems) => {
      const found = [problems].flat().filter(Boolean);
      if (found.length === 0) passed += 1;
      else failed += 1;
      console.log(found.length === 0 ? `  ok    ${rule}` : `  FAIL  ${rule}`);
      for (const problem of found.slice(0, SHOWN_PROBLEMS)) console.log(`          ${problem}`);
    },
    finish: () => {
      console.log(`\n${passed} passed, ${failed} failed`);
      process.exitCode = failed > 0 ? 1 : 0;
    },
  };
};
