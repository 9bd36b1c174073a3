# Makes ui/term/theme-builtin.c from the theme files named on the command line.
BEGIN {
	print "/* Made by themes/embed.awk from the files in themes/. */"
	print "#include \"ui/term/theme-builtin.h\""
	print ""
	print "const struct builtin_theme builtin_themes[] = {"
}
FNR == 1 {
	if (NR > 1)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.theme$/, "", name)
	printf "\t{ \"%s\",\n", name
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	printf "\t  \"%s\\n\"\n", $0
}
END {
	print "\t},"
	print "\t{ 0, 0 },"
	print "};"
}
