module tools/pause

go 1.23.0
