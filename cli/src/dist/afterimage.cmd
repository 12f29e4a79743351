@echo off
rem Starts Afterimage from an unpacked distribution on a Java runtime 17 or newer.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
set "OMP_WAIT_POLICY=PASSIVE"
set "AFTERIMAGE_LAUNCHER=%~f0"
"%JAVA%" -Djava.awt.headless=true %AFTERIMAGE_JAVA_OPTIONS% -cp "%~dp0lib\*" io.afterimage.cli.Main %*
exit /b %ERRORLEVEL%
