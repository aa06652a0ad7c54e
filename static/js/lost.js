// An address that no page has: comparisons of countries that have no page are made by script.

const [, start, codes] = location.pathname.match(/^(.*\/)compare\/([a-z]{2}(?:-[a-z]{2}){1,2})\/?$/i) ?? [];
if (codes) location.replace(`${start}compare/?countries=${codes.toLowerCase().replaceAll("-", ",")}`);
