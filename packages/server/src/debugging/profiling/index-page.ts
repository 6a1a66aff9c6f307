const profiles: Readonly<Record<string, string>> = {
  heap: 'Memory allocated during the time given in the parameter seconds (10 by default) and still held at its end. With gc=1 garbage is collected before the end.',
  profile: 'CPU time during the time given in the parameter seconds (30 by default).',
};

/** What people see under `/debug/pprof/`. */
export const indexPage = `<html>
<head>
<title>/debug/pprof/</title>
</head>
<body>
<p>Types of profiles available, to be read with go tool pprof:</p>
<ul>
${Object.entries(profiles)
  .map(([name, description]) => `<li><a href="${name}">${name}</a>: ${description}</li>\n`)
  .join('')}</ul>
</body>
</html>
`;
