@rem Runs the shell that lies beside this file.
@dotnet "%~dp0shell\azvmrole.dll" %*
@exit /b %ERRORLEVEL%
